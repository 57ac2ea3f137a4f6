package dev.signalbox.engine;

import java.time.Instant;

/// One entry of the audit trail. It was written to the journal before anybody was shown it.
///
/// @param sequence counts from 1 within an environment, without gaps, never used twice
/// @param release the release it belongs to, or 0 for none
/// @param epoch the fencing epoch of the console that wrote it
/// @param step id of a step, or empty
/// @param text a sentence; never a secret
public record EngineEvent(
    long sequence,
    Instant at,
    long release,
    long epoch,
    String actor,
    Kind kind,
    Phase phase,
    String step,
    String text) {
  /// What kind of thing happened.
  public enum Kind {
    RELEASE_STARTED,
    COMMAND,
    LEASE_TAKEN,
    PHASE_STARTED,
    PHASE_DONE,
    STEP_INTENT,
    STEP_DONE,
    STEP_FAILED,
    UNDO_INTENT,
    UNDO_DONE,
    UNDO_FAILED,
    MOVE_STARTED,
    MOVE_DONE,
    MOVE_UNDONE,
    HOLDING,
    GATE,
    NOTE,
    RELEASE_ENDED
  }
}
