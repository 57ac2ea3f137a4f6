package dev.signalbox.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategyConfigTest {
  private static final StrategyConfig DEFAULTS = StrategyConfig.defaults();

  @Test
  void hasTheDefaultsOfTheDocuments() {
    assertThat(DEFAULTS)
        .isEqualTo(
            new StrategyConfig(
                Duration.ofMinutes(5),
                3,
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                Duration.ofMinutes(10),
                Duration.ofDays(1),
                10_000));
    assertThat(StrategyConfig.fromProperties(Map.of())).isEqualTo(DEFAULTS);
  }

  @ParameterizedTest
  @CsvSource({
    "cache-ttl,60s,1800s,59999ms,1801s",
    "retry-attempts,1,10,0,11",
    "detection-timeout,10s,120s,9s,121s",
    "call-timeout,1s,1h,999ms,3601s",
    "prepare-timeout,1s,60m,0s,2h",
    "max-query-age,1m,7d,59s,8d",
    "max-open-queries,1,1000000,0,1000001"
  })
  void acceptsBothEndsOfTheRangeAndNothingBeyond(
      String name, String least, String most, String below, String above) {
    String key = "signalbox.strategy." + name;
    assertThat(StrategyConfig.fromProperties(Map.of(key, least)))
        .isNotEqualTo(StrategyConfig.fromProperties(Map.of(key, most)));
    for (String outside : new String[] {below, above}) {
      assertThatThrownBy(() -> StrategyConfig.fromProperties(Map.of(key, outside)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageMatching(
              "'signalbox\\.strategy\\."
                  + name
                  + "' is \\S+, but must be \\S+ to \\S+; the default is \\S+\\.");
    }
  }

  @ParameterizedTest
  @CsvSource({"300", "'5 minutes'", "-1s", "''", "1.5s", "9999999999s", "s"})
  void refusesADurationWithoutUnitOrSense(String text) {
    assertThatThrownBy(
            () -> StrategyConfig.fromProperties(Map.of("signalbox.strategy.cache-ttl", text)))
        .hasMessageContaining("'signalbox.strategy.cache-ttl' must be a whole number with its unit")
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void namesTheNearestKnownKey() {
    assertThatThrownBy(
            () -> StrategyConfig.fromProperties(Map.of("signalbox.strategy.cache-tl", "300s")))
        .hasMessage(
            "'signalbox.strategy.cache-tl' is not known. Did you mean 'signalbox.strategy.cache-ttl'?");
    assertThatThrownBy(() -> StrategyConfig.fromProperties(Map.of("signalbox.strategy.x", "1")))
        .hasMessageContaining("Known are: cache-ttl, call-timeout,");
    assertThatThrownBy(() ->
            StrategyConfig.fromProperties(Map.of("signalbox.strategy." + "x".repeat(10_000), "1")))
        .hasMessageContaining("…' is not known.");
  }

  @Test
  void readsPropertiesWithTheirDefaultsAndLeavesTheKeysOfOthersAlone() {
    Properties usual = new Properties();
    usual.setProperty("signalbox.strategy.retry-attempts", "7");
    Properties properties = new Properties(usual);
    properties.setProperty("signalbox.strategy.max-query-age", "2 h");
    properties.setProperty("java.home", "/somewhere");
    assertThat(StrategyConfig.fromProperties(properties))
        .isEqualTo(DEFAULTS.withRetryAttempts(7).withMaxQueryAge(Duration.ofHours(2)));
  }

  @Test
  void eachWitherChangesItsValueOnly() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      StrategyConfig any =
          new StrategyConfig(
              Duration.ofSeconds(random.nextInt(60, 1801)),
              random.nextInt(1, 11),
              Duration.ofSeconds(random.nextInt(10, 121)),
              Duration.ofMillis(random.nextInt(1000, 3_600_001)),
              Duration.ofMillis(random.nextInt(1000, 3_600_001)),
              Duration.ofSeconds(random.nextInt(60, 604_801)),
              random.nextInt(1, 1_000_001));
      assertThat(
              DEFAULTS
                  .withCacheTtl(any.cacheTtl())
                  .withRetryAttempts(any.retryAttempts())
                  .withDetectionTimeout(any.detectionTimeout())
                  .withCallTimeout(any.callTimeout())
                  .withPrepareTimeout(any.prepareTimeout())
                  .withMaxQueryAge(any.maxQueryAge())
                  .withMaxOpenQueries(any.maxOpenQueries()))
          .as("seed %d", seed)
          .isEqualTo(any);
    }
  }

  @Test
  void showsADurationAsItIsRead() {
    assertThatThrownBy(() -> DEFAULTS.withCallTimeout(Duration.ofMillis(250)))
        .hasMessage(
            "'signalbox.strategy.call-timeout' is 250ms, but must be 1s to 1h; the default is 60s.");
  }
}
