package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.engine.DatabaseView.TableProgress;
import dev.signalbox.engine.DatabaseView.TableSize;
import dev.signalbox.engine.database.sync.Ends;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Both directions between the two servers, as far as was last seen. Thread-safe.
///
/// @param sides what was last seen of each server
/// @param measured how long the marker of a side took to the other one; null when none came lately
record Directions(Function<Colour, Seen> sides, Function<Colour, @Nullable Duration> measured) {
  /// Whether both ends are there and no more is copied.
  boolean connected(Colour from) {
    Optional<Ends.Receiver> receiver = sides.apply(from.other()).ends().receiver();
    return sides.apply(from).ends().sender().isPresent()
        && receiver.isPresent()
        && receiver.get().enabled();
  }

  List<TableProgress> progress(Colour origin) {
    Map<DatabaseView.TableName, Long> totals = new HashMap<>();
    for (TableSize size : sides.apply(origin).content().largest()) {
      totals.put(size.table(), size.rows());
    }
    return sides.apply(origin.other()).ends().tables().stream()
        .map(t ->
            new TableProgress(
                t.table(),
                t.state(),
                t.copiedRows(),
                Math.max(t.copiedRows(), totals.getOrDefault(t.table(), 0L)),
                t.copiedBytes()))
        .toList();
  }

  Direction direction(Colour from) {
    Seen sending = sides.apply(from);
    Seen receiving = sides.apply(from.other());
    boolean asked = sending.asked() && receiving.asked();
    boolean seen = sending.reachable() && receiving.reachable();
    boolean found = sending.ends().sender().isPresent() || receiving.ends().receiver().isPresent();
    if (!asked || (!found && !seen)) {
      String silent = sending.reachable() ? receiving.problem() : sending.problem();
      return new Direction(Direction.State.UNKNOWN, -1, null, 0, 0, asked ? silent : "");
    } else if (!found) {
      return new Direction(Direction.State.ABSENT, -1, null, 0, 0, "");
    }
    String problem = problem(from);
    boolean copying = receiving.ends().receiver().map(r -> r.unready() > 0).orElse(false);
    Direction.State state =
        !problem.isEmpty()
            ? Direction.State.BROKEN
            : copying ? Direction.State.COPYING : Direction.State.STREAMING;
    return new Direction(
        state,
        seen ? sending.ends().sender().map(Ends.Sender::lagBytes).orElse(-1L) : -1,
        lag(from),
        sending.activity().flowing(),
        sending.ends().sender().map(Ends.Sender::retained).orElse(0L),
        problem);
  }

  String problem(Colour from) {
    Seen sending = sides.apply(from);
    Seen receiving = sides.apply(from.other());
    if (!sending.reachable()) {
      return sending.problem();
    }
    if (!receiving.reachable()) {
      return receiving.problem();
    }
    if (sending.ends().sender().isEmpty()) {
      return "the slot on " + from + " is gone";
    }
    if (receiving.ends().receiver().isEmpty()) {
      return "the subscription on " + from.other() + " is gone";
    }
    if (sending.ends().sender().get().walStatus().equals("lost")) {
      return "the slot on " + from + " has lost its log; give the release up and copy again";
    }
    return sending.ends().sender().get().active() || receiving.ends().receiver().get().working()
        ? ""
        : from.other() + " is not connected to " + from;
  }

  /// From the marker, else from what the sending server measured; null when neither is fresh, or a
  /// side is not seen.
  @Nullable Duration lag(Colour from) {
    Seen sending = sides.apply(from);
    if (!sending.reachable() || !sides.apply(from.other()).reachable()) {
      return null;
    }
    Duration marker = measured.apply(from);
    if (marker != null) {
      return marker;
    }
    if (sending.ends().sender().isEmpty() || !sending.ends().sender().get().active()) {
      return null;
    }
    Ends.Sender sender = sending.ends().sender().get();
    // The server has nothing to measure when nothing is under way.
    return sender.lag() == null && sender.lagBytes() == 0 ? Duration.ZERO : sender.lag();
  }
}
