package dev.signalbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.support.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
class ChangeOverTest {
  @TempDir Path folder;

  @Test
  void noQueryFailsIsMixedOrForgottenWhileTheClusterChangesOverAgainAndAgain() throws Exception {
    try (TestDatabases databases = TestDatabases.create()) {
      ChangeOverRun.Result result =
          ChangeOverRun.run(folder, databases, 12, 12, Duration.ofSeconds(2), 4711);

      assertThat(result.counts().isClean()).as("%s", result).isTrue();
      assertThat(result.counts().blue()).isPositive();
      assertThat(result.counts().green()).isPositive();
      assertThat(result.leftOpen()).isZero();
    }
  }
}
