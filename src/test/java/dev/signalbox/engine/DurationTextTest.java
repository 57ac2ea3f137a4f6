package dev.signalbox.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({"500ms, PT0.5S", "5s, PT5S", "2m, PT2M", "1h, PT1H", "0s, PT0S"})
  void whatIsWrittenIsRead(String text, Duration duration) {
    assertThat(DurationText.parse(text)).isEqualTo(duration);
    assertThat(DurationText.format(duration)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-5s", "5 s", "1.5s", "5S", "1h30m", "1234567890s"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> DurationText.parse(text))
        .hasMessageContaining("'" + text + "' is not a duration such as");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 ms",
    "PT0.00004S, 0 ms",
    "PT0.0004S, 0.4 ms",
    "PT0.0412S, 41 ms",
    "PT0.9996S, 1.0 s",
    "PT2S, 2.0 s",
    "PT59.4S, 59 s",
    "PT2M5S, 2 m 05 s",
    "PT1H1M, 1 h 01 m",
    "P1DT2H, 1 d 02 h"
  })
  void aSentenceSaysAsMuchAsAReaderNeeds(Duration duration, String words) {
    assertThat(DurationText.words(duration)).isEqualTo(words);
  }
}
