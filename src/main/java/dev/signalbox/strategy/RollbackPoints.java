package dev.signalbox.strategy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// States to which a cluster can be set back by hand: the last sixteen that were noted.
/// Thread-safe.
///
/// Must observe the manager as well ([StrategyObserver]): a point whose strategy was answered with
/// 456 after it was noted is no way back any more.
public final class RollbackPoints implements StrategyObserver {
  /// The oldest point goes when one more is noted.
  public static final int MAX = 16;

  private final StrategyStorage storage;
  private final Duration ttl;
  private final InstantSource clock;
  private final Deque<Point> points = new ArrayDeque<>();
  private long last;

  /// What was known of a cluster at one moment.
  ///
  /// @param number rises with each point
  /// @param refused whether the cluster answered 456 to this strategy since
  public record Point(
      long number, ClusterKey key, StoredStrategy state, Instant notedAt, boolean refused) {}

  /// How a restoration ended.
  public sealed interface Outcome {
    /// @param state what is stored now
    record Restored(StoredStrategy state) implements Outcome {}

    /// Nothing was changed.
    ///
    /// @param reason a sentence
    record Refused(String reason) implements Outcome {}
  }

  public RollbackPoints(StrategyStorage storage, StrategyConfig config) {
    this(storage, config.cacheTtl(), InstantSource.system());
  }

  RollbackPoints(StrategyStorage storage, Duration ttl, InstantSource clock) {
    this.storage = storage;
    this.ttl = ttl;
    this.clock = clock;
  }

  /// Notes what is known of the cluster now.
  public Point note(ClusterKey key) {
    StoredStrategy state = storage.read(key);
    synchronized (points) {
      Point point = new Point(++last, key, state, clock.instant(), false);
      points.addLast(point);
      if (points.size() > MAX) {
        points.removeFirst();
      }
      return point;
    }
  }

  /// Those of one cluster, the newest first.
  public List<Point> of(ClusterKey key) {
    synchronized (points) {
      return points.stream().filter(p -> p.key().equals(key)).toList().reversed();
    }
  }

  /// Sets the cluster back to a point. Its TTL goes on from when the strategy was confirmed.
  public Outcome restore(ClusterKey key, long number) {
    Optional<Point> found = find(p -> p.number() == number);
    if (found.isEmpty()) {
      return new Outcome.Refused(
          "Point " + number + " is not known; only the last " + MAX + " are kept.");
    }
    Point point = found.get();
    Optional<String> reason = reasonAgainst(key, point);
    if (reason.isPresent()) {
      return new Outcome.Refused(reason.get());
    }
    StoredStrategy now = storage.update(key, _ -> point.state());
    // Answered with 456 while it was being restored: better to know nothing than this.
    if (find(p -> p.number() == number && p.refused()).isPresent()) {
      storage.update(
          key, s -> s.version() == now.version() ? new StoredStrategy(null, null, 0, 0) : s);
      return new Outcome.Refused(refused(point));
    }
    return new Outcome.Restored(now);
  }

  private Optional<String> reasonAgainst(ClusterKey key, Point point) {
    StateValidation checked = StateValidation.of(point.state(), clock.millis());
    Strategy active = point.state().active();
    String name = "Point " + point.number();
    if (!point.key().equals(key)) {
      return Optional.of(name + " belongs to " + point.key() + ", not to " + key + ".");
    }
    if (!checked.valid()) {
      return Optional.of(
          name + " is no valid state any more: " + String.join(" ", checked.corrections()));
    }
    if (active == null) {
      return Optional.of(name + " knows no strategy, so there is nothing to go back to.");
    }
    if (clock.millis() - point.state().detectedAt() >= ttl.toMillis()) {
      return Optional.of(
          "%s is too old: its strategy was confirmed more than %d s ago."
              .formatted(name, ttl.toSeconds()));
    }
    return point.refused() ? Optional.of(refused(point)) : Optional.empty();
  }

  private static String refused(Point point) {
    return "Point %d is no way back: the cluster has answered 456 to %s since."
        .formatted(point.number(), point.state().active());
  }

  private Optional<Point> find(Predicate<Point> which) {
    synchronized (points) {
      return points.stream().filter(which).findFirst();
    }
  }

  /// Short, and takes a lock only for a 456.
  @Override
  public void accept(ClusterKey key, StrategyEvent event) {
    if (event instanceof StrategyEvent.WrongStrategy wrong && wrong.sent() != null) {
      synchronized (points) {
        List<Point> marked =
            points.stream()
                .map(p ->
                    p.key().equals(key) && p.state().active() == wrong.sent()
                        ? new Point(p.number(), p.key(), p.state(), p.notedAt(), true)
                        : p)
                .toList();
        points.clear();
        points.addAll(marked);
      }
    }
  }
}
