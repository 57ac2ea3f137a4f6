package dev.signalbox.engine.release;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.PlaneView;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.engine.release.model.Risk;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One of the things that change over in a release. The conductor drives planes through this and
/// knows nothing else of them.
///
/// Threads: every method may be called from any thread. [#view], [#gates], [#live] and [#risk]
/// return at once with what the plane last saw; the plane looks by itself, on threads of its own,
/// between [#start] and [#close]; so does a gate when it is asked for its verdict.
public interface Plane extends AutoCloseable {
  /// Stable, lower case: `database`, `application`.
  String id();

  /// Begins to look. Returns at once.
  void start();

  /// What was last seen.
  PlaneView view();

  /// The stack that this plane sees in use: for a router the one that gets traffic, for a database
  /// the one that takes writes. Null when none, both, or not known.
  @Nullable Colour live();

  /// What must hold before a move.
  ///
  /// @param origin the stack that the release began on: what leads there is the way back
  List<Gate> gates(Move move, Colour origin);

  /// The steps of a phase, in order within their [Stage]. For [Phase#CUT_OVER] they are the steps
  /// of that move, in either direction. Pure: calling it changes nothing.
  List<Step> steps(Phase phase, Move move, ReleaseInfo release);

  /// What going from `move.from()` to `move.to()` now would lose.
  Risk risk(Move move);

  /// Why the database of a side does not answer; empty when it does, or this plane has none.
  default Optional<String> silent(Colour side) {
    return Optional.empty();
  }

  /// What giving a release up would throw away on its target, as it was last seen: a few words with
  /// a size, such as `31 GB copied`, or `size unknown`. Empty when this plane throws nothing away.
  default String thrownAway(Colour target) {
    return "";
  }

  /// Looks once, now, with the plane's own timeouts: after a restart, and after a move.
  void refresh();

  /// Tells that this console drives with that epoch from now on, or, with 0, that it no longer
  /// does. Returns at once.
  default void driving(long epoch) {}

  /// Does a command that concerns this plane alone, on the caller's thread, within the plane's own
  /// timeouts.
  ///
  /// @return empty when the command is not for this plane
  default Optional<Outcome> obey(Command.OnPlane command, long epoch) {
    return Optional.empty();
  }

  /// A reason to go back by itself while `live` is being watched; null when there is none. Only
  /// what was seen several times in a row.
  default @Nullable String alarm(Colour live) {
    return null;
  }

  /// What this plane sees in use beside `live`, as a sentence, when it can end that by itself
  /// without a loss; empty when nothing is, or not all of it is seen.
  default Optional<String> astray(Colour live) {
    return Optional.empty();
  }

  /// Ends what [#astray] tells, within the plane's own timeouts.
  default void mend(Colour live, StepContext context) throws Exception {}

  @Override
  void close();
}
