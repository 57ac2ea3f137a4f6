package dev.signalbox.engine.release.model;

import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import java.util.List;
import java.util.Optional;

/// What [Levers] decides by, beside the journal.
///
/// @param environment its name, typed to confirm
/// @param journalRead whether the journal was read: before that, it is not known whether a release
///   is under way
/// @param driver whether this console drives, or who does
/// @param activity what whoever drives works at; empty when at nothing
/// @param gates of the next move
/// @param sightings what each plane sees in use
/// @param back what going back to the origin would lose
/// @param silent why the database of the side that is not live does not answer; empty when it does,
///   or there is none
/// @param thrownAway what giving the release up would throw away, with its size; empty without one
public record Observed(
    String environment,
    boolean journalRead,
    Driver driver,
    Optional<Activity> activity,
    List<GateView> gates,
    List<Sighting> sightings,
    Risk back,
    Optional<String> astray,
    Optional<String> silent,
    String thrownAway) {
  public sealed interface Driver {
    /// Says who drives, or that nobody does or can.
    String sentence();

    record Here() implements Driver {
      @Override
      public String sentence() {
        return "This console drives already.";
      }
    }

    record Elsewhere(String sentence) implements Driver {}

    /// The lease is free: whoever takes it drives, beginning with what was left under way.
    record Nobody(String sentence) implements Driver {}

    /// No console can drive, or it is not known whether one does.
    record Nowhere(String sentence) implements Driver {}
  }

  /// @param title verb and object
  /// @param move the move that it makes or proves; empty when it makes none
  public record Activity(String title, Optional<Move> move) {}
}
