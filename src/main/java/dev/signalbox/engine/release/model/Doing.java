package dev.signalbox.engine.release.model;

import dev.signalbox.engine.Move;
import java.util.Optional;

/// What a release is doing, and whether that holds. A hold never erases what was being done.
///
/// @param hold why it waits for an operator; empty when it does not
public record Doing(Work work, Optional<Hold> hold) {
  public static Doing of(Work work) {
    return new Doing(work, Optional.empty());
  }

  public Doing held(String reason) {
    return new Doing(work, Optional.of(new Hold(reason)));
  }

  public Doing goingOn() {
    return of(work);
  }

  /// Whether somebody must be at it: it does not wait for an operator.
  public boolean wantsSomebody() {
    return hold.isEmpty() && work.goesOnByItself();
  }

  /// @param reason what happened and what to do, in a sentence
  public record Hold(String reason) {}

  public sealed interface Work {
    /// The phases up to the cutover are worked through.
    record SetUp() implements Work {}

    /// The origin is live and both stacks are in step: the operator may cut over.
    record Ready() implements Work {}

    /// Traffic and writes change over: begun, and neither done nor undone.
    ///
    /// @param lossAcknowledged whether an operator typed that writes may be lost
    /// @param before what the release goes back to when the move is undone
    record Moving(Move move, boolean lossAcknowledged, Work before) implements Work {}

    /// A move was done, and its proof from outside is missing.
    ///
    /// @param lossAcknowledged as while it was being made: it may be proven without its old side
    record Proving(Move move, boolean lossAcknowledged) implements Work {}

    /// The target is live and is watched, or was.
    record Watching() implements Work {}

    record CleaningUp() implements Work {}

    /// Everything that the release did is being undone.
    record GivingUp() implements Work {}

    record Ended(boolean completed) implements Work {}

    /// Whether it goes on without an operator.
    default boolean goesOnByItself() {
      return switch (this) {
        case SetUp _, Moving _, Proving _, CleaningUp _, GivingUp _ -> true;
        case Ready _, Watching _, Ended _ -> false;
      };
    }
  }
}
