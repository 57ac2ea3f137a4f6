package dev.signalbox.engine;

import java.time.Instant;
import java.util.Map;

/// One entry of the audit trail. It was written to the journal before anybody was shown it.
///
/// @param sequence counts from 1 within an environment, never used twice
/// @param release the release it belongs to, or 0 for none
/// @param epoch the fencing epoch of the console that wrote it
/// @param actor name of that console
/// @param step id of a step, or empty
/// @param text a sentence; never a secret
/// @param data what the sentence says, for machines; never a secret
public record EngineEvent(
    long sequence,
    Instant at,
    long release,
    long epoch,
    String actor,
    Kind kind,
    Phase phase,
    String step,
    String text,
    Map<String, String> data) {
  public EngineEvent {
    data = Map.copyOf(data);
  }

  /// An event that says everything in its text.
  public EngineEvent(
      long sequence,
      Instant at,
      long release,
      long epoch,
      String actor,
      Kind kind,
      Phase phase,
      String step,
      String text) {
    this(sequence, at, release, epoch, actor, kind, phase, step, text, Map.of());
  }

  /// What kind of thing happened.
  public enum Kind {
    /// Data: `version`, `origin`, `target`.
    RELEASE_STARTED,
    /// An operator asked for something. Data: `command`.
    COMMAND,
    LEASE_TAKEN,
    PHASE_STARTED,
    PHASE_DONE,
    STEP_INTENT,
    /// Data: `ms`; in a move also `epoch`, under which it ran: results are written later.
    STEP_DONE,
    STEP_FAILED,
    UNDO_INTENT,
    UNDO_DONE,
    UNDO_FAILED,
    /// A switch of traffic begins. Data: `from`, `to`, `lossAcknowledged`.
    MOVE_STARTED,
    /// The other side takes writes. Data: `from`, `to`, `stallMs`, with fractions; `proven`,
    /// `false` when the proof from outside is missing.
    MOVE_DONE,
    /// A move that was done without proof is proven now. Data: `from`, `to`.
    MOVE_PROVEN,
    /// A switch was taken back before it took effect. Data: `from`, `to`.
    MOVE_UNDONE,
    /// The release waits for somebody; the text is the reason.
    HOLDING,
    /// The release is given up: everything that it did is undone.
    GIVE_UP_STARTED,
    GATE,
    NOTE,
    /// Data: `result`, `completed` or `given up`.
    RELEASE_ENDED
  }
}
