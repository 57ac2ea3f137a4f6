package dev.signalbox.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.strategy.RollbackPoints.Outcome;
import dev.signalbox.strategy.RollbackPoints.Point;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RollbackPointsTest {
  private static final ClusterKey KEY = new ClusterKey("planner:443", "sales");
  private static final Duration TTL = Duration.ofMinutes(5);

  private final StrategyStorage storage = new MemoryStorage(TTL, InstantSource.system());
  private volatile Instant now = Instant.now();
  private final RollbackPoints points = new RollbackPoints(storage, TTL, () -> now);

  private void store(@Nullable Strategy active, @Nullable Strategy pending) {
    storage.update(
        KEY, _ -> new StoredStrategy(active, pending, active == null ? 0 : now.toEpochMilli(), 0));
  }

  private static void refused(Outcome outcome, String reason) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refused.class, r -> assertThat(r.reason()).isEqualTo(reason));
  }

  @Test
  void setsAClusterBack() {
    store(Strategy.BLUE, Strategy.GREEN);
    Point point = points.note(KEY);
    store(Strategy.GREEN, null);
    long version = storage.read(KEY).version();
    assertThat(points.restore(KEY, point.number()))
        .isEqualTo(
            new Outcome.Restored(
                new StoredStrategy(
                    Strategy.BLUE, Strategy.GREEN, now.toEpochMilli(), version + 1)));
    assertThat(storage.read(KEY).active()).isEqualTo(Strategy.BLUE);
  }

  @Test
  void refusesWhatIsNoWayBack() {
    refused(points.restore(KEY, 1), "Point 1 is not known; only the last 16 are kept.");
    points.note(KEY);
    refused(
        points.restore(KEY, 1), "Point 1 knows no strategy, so there is nothing to go back to.");
    store(Strategy.BLUE, null);
    points.note(KEY);
    refused(
        points.restore(new ClusterKey("other:1", ""), 2),
        "Point 2 belongs to sales at planner:443, not to other:1.");
    now = now.minus(Duration.ofHours(1));
    assertThat(points.restore(KEY, 2).toString()).contains("no valid state", "the clock went back");
    now = now.plus(Duration.ofHours(1)).plus(TTL);
    refused(
        points.restore(KEY, 2),
        "Point 2 is too old: its strategy was confirmed more than 300 s ago.");
    assertThat(storage.read(KEY).active()).isEqualTo(Strategy.BLUE);
  }

  @Test
  void refusesAStrategyThatWasAnsweredWith456Since() {
    store(Strategy.BLUE, null);
    Point blue = points.note(KEY);
    store(Strategy.GREEN, null);
    Point green = points.note(KEY);
    points.accept(KEY, new StrategyEvent.WrongStrategy(null, "status"));
    points.accept(
        new ClusterKey("other:1", ""), new StrategyEvent.WrongStrategy(Strategy.GREEN, "status"));
    points.accept(KEY, new StrategyEvent.WrongStrategy(Strategy.BLUE, "status"));
    refused(
        points.restore(KEY, blue.number()),
        "Point 1 is no way back: the cluster has answered 456 to blue since.");
    assertThat(points.restore(KEY, green.number())).isInstanceOf(Outcome.Restored.class);
    store(Strategy.BLUE, null);
    assertThat(points.restore(KEY, points.note(KEY).number()))
        .as("noted after the 456")
        .isInstanceOf(Outcome.Restored.class);
  }

  @Test
  void keepsTheLastSixteen() {
    for (int i = 0; i < 40; i++) {
      points.note(KEY);
    }
    assertThat(points.of(KEY)).extracting(Point::number).hasSize(16).startsWith(40L).endsWith(25L);
  }
}
