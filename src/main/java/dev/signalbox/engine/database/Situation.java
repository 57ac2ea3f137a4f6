package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.Consistency;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.Gate.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Both sides of a move, as they are seen now.
///
/// @param origin the side that the release began on
/// @param from the old side; [Seen#reachable] only when that is fresh
/// @param to the new side, likewise
/// @param consistency what was compared in this release, and still holds
/// @param lag of the direction that leads to the new side; null when unknown
/// @param lagBack of the way back; null when unknown
record Situation(
    DatabasePair pair,
    Move move,
    Colour origin,
    Seen from,
    Seen to,
    Consistency consistency,
    @Nullable Duration lag,
    @Nullable Duration lagBack) {
  /// A marker that is longer on its way back does not say that the way back works.
  static final Duration LONGEST_BACK = Duration.ofSeconds(5);

  Seen side(Colour colour) {
    return colour == move.from() ? from : to;
  }

  Colour[] sides() {
    return new Colour[] {move.from(), move.to()};
  }

  /// The side that the release copies to.
  Colour copySide() {
    return origin.other();
  }

  /// A gate of this database.
  ///
  /// @param needs the sides that must be seen before it can be decided
  Gate gate(String id, String title, Supplier<Verdict> verdict, Colour... needs) {
    return new Gate(
        pair.settings().plane() + "." + id,
        pair.titled(title),
        () -> unseen(needs).orElseGet(verdict));
  }

  /// That it cannot be decided, while one of these is not seen; empty when all are.
  Optional<Verdict> unseen(Colour... needs) {
    for (Colour colour : needs) {
      if (!side(colour).reachable()) {
        return Optional.of(Verdict.pending("not known: " + side(colour).problem(colour)));
      }
    }
    return Optional.empty();
  }
}
