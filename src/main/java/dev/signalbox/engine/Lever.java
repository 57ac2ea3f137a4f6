package dev.signalbox.engine;

/// Whether something may be done now, as one place decides it for engine, window and command line.
public sealed interface Lever {
  /// It may be pulled.
  ///
  /// @param effect what it does now, in a sentence
  /// @param wordsToType what the operator must type to confirm it; empty when nothing
  record Free(String effect, String wordsToType) implements Lever {}

  /// It may not.
  ///
  /// @param why a sentence that names what holds it and what to do
  record Locked(String why) implements Lever {}

  /// This console may not pull it, because it does not drive.
  ///
  /// @param who a sentence that says who drives, or that nobody does
  /// @param there the same lever for whoever drives, or takes the lease to pull it; never elsewhere
  ///   again
  record Elsewhere(String who, Lever there) implements Lever {}

  /// As it stands for whoever drives, be that this console or not.
  default Lever there() {
    return this;
  }

  /// Why it may not be pulled here; empty when it may.
  default String locked() {
    return switch (this) {
      case Free _ -> "";
      case Locked(String why) -> why;
      case Elsewhere(String who, Lever _) -> who;
    };
  }

  /// What it does, or why it may not be pulled here.
  default String text() {
    return this instanceof Free(String effect, String _) ? effect : locked();
  }

  /// What must be typed to pull it here; empty when nothing, or when it may not be pulled.
  default String words() {
    return this instanceof Free(String _, String words) ? words : "";
  }
}
