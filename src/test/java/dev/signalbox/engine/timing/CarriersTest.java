package dev.signalbox.engine.timing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

class CarriersTest {
  @Test
  void aSmallMachineStartsWhereThreadsMeetAtAClass() throws Exception {
    assertThat(run("-XX:ActiveProcessorCount=2")).isEqualTo("started");
  }

  /// That the test above can fail; and what a person said is respected.
  @Test
  @EnabledForJreRange(max = JRE.JAVA_25)
  void withTwoCarriersAloneItStopsForGood() throws Exception {
    assertThat(run("-Djdk.virtualThreadScheduler.parallelism=2")).isEqualTo("stuck");
  }

  private static String run(String option) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(java, option, "-cp", classes, PinnedProgram.class.getName())
            .redirectErrorStream(true)
            .start();
    try (var out = process.getInputStream()) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
