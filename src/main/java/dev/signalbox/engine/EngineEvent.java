package dev.signalbox.engine;

import java.time.Instant;

/// One entry of the audit trail. It was written to the journal before anybody was shown it.
///
/// @param sequence counts from 1 within an environment, never used twice
/// @param release the release it belongs to, or 0 for none
/// @param epoch the fencing epoch of the console that wrote it
/// @param actor name of that console
/// @param payload what happened, for machines
/// @param step id of a step, or empty
/// @param text a sentence; never a secret
public record EngineEvent(
    long sequence,
    Instant at,
    long release,
    long epoch,
    String actor,
    EventPayload payload,
    Phase phase,
    String step,
    String text) {
  public Kind kind() {
    return payload.kind();
  }

  /// What kind of thing happened.
  public enum Kind {
    RELEASE_STARTED,
    /// An operator asked for something.
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
    /// A switch of traffic begins.
    MOVE_STARTED,
    /// The other side takes writes.
    MOVE_DONE,
    /// A move that was done without proof is proven now.
    MOVE_PROVEN,
    /// A switch was taken back before it took effect.
    MOVE_UNDONE,
    /// The release waits for somebody; the text is the reason.
    HOLDING,
    /// The release is given up: everything that it did is undone.
    GIVE_UP_STARTED,
    GATE,
    NOTE,
    RELEASE_ENDED
  }
}
