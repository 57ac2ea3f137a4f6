package dev.signalbox.engine;

import dev.signalbox.engine.EngineEvent.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What happened, for machines: what the sentence of an [EngineEvent] says, and nothing that only
/// the sentence says is needed to know where a release stands. Never a secret.
public sealed interface EventPayload {
  Kind kind();

  /// Happenings that say everything by their kind, phase, step and sentence.
  enum Plain implements EventPayload {
    LEASE_TAKEN(Kind.LEASE_TAKEN),
    PHASE_STARTED(Kind.PHASE_STARTED),
    PHASE_DONE(Kind.PHASE_DONE),
    STEP_INTENT(Kind.STEP_INTENT),
    STEP_FAILED(Kind.STEP_FAILED),
    UNDO_INTENT(Kind.UNDO_INTENT),
    UNDO_FAILED(Kind.UNDO_FAILED),
    HOLDING(Kind.HOLDING),
    GIVE_UP_STARTED(Kind.GIVE_UP_STARTED),
    /// What the release decided by itself; commands show the last one as the reason.
    NOTE(Kind.NOTE);

    private final Kind kind;

    Plain(Kind kind) {
      this.kind = kind;
    }

    @Override
    public Kind kind() {
      return kind;
    }
  }

  /// What an operator asked for.
  enum Ordered implements EventPayload {
    CUT_OVER,
    ROLL_BACK,
    RESUME,
    GIVE_UP,
    CLEAN_UP,
    CANCEL_QUERY,
    END_SESSION,
    SUSPEND_CLUSTER,
    RESUME_CLUSTER,
    /// Something that only another version of this program knows.
    OTHER;

    @Override
    public Kind kind() {
      return Kind.COMMAND;
    }
  }

  record ReleaseStarted(String version, Colour origin, Colour target) implements EventPayload {
    @Override
    public Kind kind() {
      return Kind.RELEASE_STARTED;
    }
  }

  /// @param took null when it was not measured
  /// @param epoch under which it ran: a result may be written under a later one
  record StepDone(@Nullable Duration took, long epoch) implements EventPayload {
    @Override
    public Kind kind() {
      return Kind.STEP_DONE;
    }
  }

  /// @param epoch under which it was undone: a result may be written under a later one
  record UndoDone(long epoch) implements EventPayload {
    @Override
    public Kind kind() {
      return Kind.UNDO_DONE;
    }
  }

  /// @param lossAcknowledged whether an operator typed that writes may be lost
  record MoveStarted(Move move, boolean lossAcknowledged) implements EventPayload {
    @Override
    public Kind kind() {
      return Kind.MOVE_STARTED;
    }
  }

  /// @param stall from hold to route; null when it was not measured
  /// @param proven whether traffic was seen to arrive
  record MoveDone(Move move, @Nullable Duration stall, boolean proven) implements EventPayload {
    @Override
    public Kind kind() {
      return Kind.MOVE_DONE;
    }
  }

  record MoveProven(Move move) implements EventPayload {
    @Override
    public Kind kind() {
      return Kind.MOVE_PROVEN;
    }
  }

  /// @param stall for how long requests waited; null when it was not measured
  /// @param takenBack whether it counts although the move is called done in a journal that was not
  ///   read
  record MoveUndone(Move move, @Nullable Duration stall, boolean takenBack)
      implements EventPayload {
    @Override
    public Kind kind() {
      return Kind.MOVE_UNDONE;
    }
  }

  /// How a gate was when a lever was pulled; the step of the event is its id.
  record GateSeen(GateView.State state) implements EventPayload {
    @Override
    public Kind kind() {
      return Kind.GATE;
    }
  }

  /// @param completed false when it was given up
  record ReleaseEnded(boolean completed) implements EventPayload {
    @Override
    public Kind kind() {
      return Kind.RELEASE_ENDED;
    }
  }
}
