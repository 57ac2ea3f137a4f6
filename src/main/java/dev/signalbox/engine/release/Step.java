package dev.signalbox.engine.release;

import java.time.Duration;

/// One thing that a plane does, can see whether it was done, and can take back.
///
/// The conductor writes the intent to the journal, runs the step, and writes the result. After a
/// crash it believes [#observe], not the journal.
public interface Step {
  /// Stable and unique: plane, dot, verb, for example `database.fence`.
  String id();

  /// For a person: verb and object, for example `Fence blue`.
  String title();

  Stage stage();

  /// After this long the attempt counts as failed and its thread is interrupted. A step must set
  /// timeouts on everything it waits for so that it really ends then.
  Duration timeout();

  /// Looks at the world. Changes nothing.
  ///
  /// @throws Exception when it cannot be seen, with a sentence that says why
  Reality observe(StepContext context) throws Exception;

  /// Does it. Safe to repeat, also after an attempt that died in the middle. On failure it leaves
  /// what it did to [#undo].
  ///
  /// @return the evidence, one sentence
  /// @throws Exception with a sentence: what happened, and what to do
  String run(StepContext context) throws Exception;

  /// Takes it back. Safe to repeat, also when it never ran or ran by half, also from another
  /// process than the one that ran it.
  void undo(StepContext context) throws Exception;

  /// How long one attempt to take it back may take.
  default Duration undoTimeout() {
    return Duration.ofSeconds(3);
  }

  /// What [#observe] saw.
  enum Reality {
    DONE,
    NOT_DONE
  }
}
