package dev.signalbox.engine.application.stack;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.release.StepContext;
import java.io.IOException;

/// Starts and stops what a stack runs. Thread-safe, also between consoles.
public interface StackDriver {
  Status status(Colour colour) throws IOException;

  /// Starts what does not run yet.
  ///
  /// @param release number of the release that needs it
  /// @param context asked before each part whether this console still drives
  /// @return what was started and what ran already, for a person; empty when there is nothing to
  ///   start
  /// @throws IOException when it cannot be started or ends at once, with the last lines of its log
  String start(Colour colour, long release, StepContext context)
      throws IOException, InterruptedException;

  /// Stops what that release started; what ran before it goes on.
  void stop(Colour colour, long release, StepContext context)
      throws IOException, InterruptedException;

  /// What is known of a stack.
  sealed interface Status {
    /// Something else starts and stops it.
    record External() implements Status {}

    /// Everything runs.
    record Running() implements Status {}

    /// Nothing was started, or what was has been stopped by us.
    record NotStarted() implements Status {}

    /// Some of it runs, some was not started.
    record Incomplete() implements Status {}

    /// A part was started and is not there any more.
    ///
    /// @param part its name
    /// @param lastLines of its log
    record Ended(String part, String lastLines) implements Status {}
  }
}
