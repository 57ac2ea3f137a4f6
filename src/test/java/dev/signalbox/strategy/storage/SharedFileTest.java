package dev.signalbox.strategy.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.strategy.StoredStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A thousand deaths in the middle of a write: a tenth of them are real ones at random moments, the
/// rest at every point between two steps on the disk. All real: the system property
/// `signalbox.test.kills`, or the program [SharedFileKills].
@Tag("long")
class SharedFileTest {
  private static final int KILLS = Integer.getInteger("signalbox.test.kills", 100);

  @TempDir Path folder;

  @Test
  @Timeout(600)
  void killedProcessesLoseNoAcknowledgedChange(TestReporter reporter) throws Exception {
    long seed = System.nanoTime();
    try (SharedFileKills kills = new SharedFileKills(folder, seed)) {
      SharedFileKills.Figures figures = kills.run(KILLS);
      reporter.publishEntry("seed " + seed, figures.toString());
      assertThat(figures.kills()).isGreaterThanOrEqualTo(KILLS);
      assertThat(figures.unacknowledged()).isBetween(0L, figures.kills() + 2L);
    }
  }

  @Test
  void deathAtAnyPointLeavesTheOldOrTheNewContent() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Path file = folder.resolve("strategies");
    FileStrategyStorage survivor = SharedFileChild.open(file);
    survivor.update(SharedFileChild.KEY, SharedFileChild::toggled);
    int points = pointsOfAnUpdate(file);
    assertThat(points).isGreaterThan(15);
    int old = 0;
    int made = 0;
    StoredStrategy known = SharedFileChild.open(file).read(SharedFileChild.KEY);
    for (int death = 0; death < 900; death++) {
      int point = death < points ? death : random.nextInt(points);
      boolean died = false;
      try {
        storage(file, new DyingDisk().dieAt(point))
            .update(SharedFileChild.KEY, SharedFileChild::toggled);
      } catch (DyingDisk.Death e) {
        died = true;
      }
      assertThat(died).as("seed %d, point %d", seed, point).isTrue();
      StoredStrategy after = SharedFileChild.open(file).read(SharedFileChild.KEY);
      if (after.equals(known)) {
        old++;
      } else {
        made++;
        assertThat(after.version())
            .as("seed %d, point %d", seed, point)
            .isEqualTo(known.version() + 1);
        assertThat(after.active()).isNotEqualTo(known.active());
      }
      known = survivor.update(SharedFileChild.KEY, SharedFileChild::toggled);
      assertThat(known.version())
          .as("seed %d, point %d", seed, point)
          .isEqualTo(after.version() + 1);
    }
    assertThat(old).isPositive();
    assertThat(made).isPositive();
  }

  private static int pointsOfAnUpdate(Path file) {
    DyingDisk disk = new DyingDisk();
    storage(file, disk).update(SharedFileChild.KEY, SharedFileChild::toggled);
    return disk.steps();
  }

  private static FileStrategyStorage storage(Path file, Disk disk) {
    return new FileStrategyStorage(
        new StrategyFile(file, disk),
        new Freshness(Duration.ofHours(1), InstantSource.system()),
        (_, _) -> {},
        Duration.ofSeconds(5),
        0);
  }
}
