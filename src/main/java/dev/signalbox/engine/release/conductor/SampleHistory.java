package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.engine.EngineSnapshot.History;
import dev.signalbox.engine.EngineSnapshot.Mark;
import dev.signalbox.engine.EngineSnapshot.Sample;
import dev.signalbox.engine.ReleaseView.MoveView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The last ten minutes, one sample a second. Used by one thread.
final class SampleHistory {
  private static final int KEPT = 600;

  private final Deque<Sample> samples = new ArrayDeque<>();
  private final NavigableMap<Instant, String> marks = new TreeMap<>();
  private History shown = History.NONE;
  private Instant next = Instant.EPOCH;

  /// Marks the moves of a release at the time when each began. Those of an earlier release stay.
  void mark(List<MoveView> moves) {
    for (MoveView move : moves) {
      String undone = move.result() == MoveView.Result.UNDONE ? ", undone" : "";
      marks.put(move.at(), "to " + move.move().to() + undone);
    }
  }

  History shown() {
    return shown;
  }

  /// Of several databases a sample has the one that is furthest behind.
  void look(Instant now, @Nullable ApplicationView application, List<DatabaseView> databases) {
    if (now.isBefore(next)) {
      return;
    }
    next = now.plus(Duration.ofSeconds(1));
    List<DatabaseView.Replication> all = databases.stream().map(DatabaseView::replication).toList();
    List<Direction> forward = all.stream().map(DatabaseView.Replication::forward).toList();
    List<Direction> reverse = all.stream().map(DatabaseView.Replication::reverse).toList();
    samples.addLast(
        new Sample(
            now,
            lag(forward),
            bytes(forward),
            lag(reverse),
            bytes(reverse),
            requests(application, Colour.BLUE),
            requests(application, Colour.GREEN),
            errors(application)));
    if (samples.size() > KEPT) {
      samples.removeFirst();
    }
    marks.headMap(now.minusSeconds(KEPT)).clear();
    shown =
        new History(
            List.copyOf(samples),
            marks.entrySet().stream().map(e -> new Mark(e.getKey(), e.getValue())).toList());
  }

  /// NaN when it is not known of one of them: a curve with a gap, not with a zero.
  private static double lag(List<Direction> directions) {
    return directions.stream().mapToDouble(SampleHistory::lag).reduce(Math::max).orElse(Double.NaN);
  }

  private static double lag(Direction direction) {
    return direction.lag() == null ? Double.NaN : direction.lag().toNanos() / 1e6;
  }

  /// Negative when it is not known of one of them.
  private static long bytes(List<Direction> directions) {
    long least = directions.stream().mapToLong(Direction::lagBytes).min().orElse(-1);
    return least < 0 ? -1 : directions.stream().mapToLong(Direction::lagBytes).max().orElse(-1);
  }

  /// NaN when it is not known, as [#lag].
  private static double requests(@Nullable ApplicationView view, Colour colour) {
    ApplicationView.Traffic traffic = counted(view).get(colour);
    return traffic == null ? Double.NaN : traffic.requestsPerSecond();
  }

  /// NaN when it is not known, as [#lag].
  private static double errors(@Nullable ApplicationView view) {
    Map<Colour, ApplicationView.Traffic> traffic = counted(view);
    if (traffic.isEmpty()) {
      return Double.NaN;
    }
    return traffic.values().stream().mapToDouble(t -> t.share() * t.errorShare()).sum();
  }

  /// What the router counted over the last second; nothing while it does not answer.
  private static Map<Colour, ApplicationView.Traffic> counted(@Nullable ApplicationView view) {
    return view == null || !view.router().reachable() ? Map.of() : view.router().traffic();
  }
}
