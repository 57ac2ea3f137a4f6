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

  /// Why it may not be pulled; empty when it may.
  default String locked() {
    return switch (this) {
      case Free _ -> "";
      case Locked(String why) -> why;
    };
  }

  /// What must be typed to pull it; empty when nothing, or when it is locked.
  default String words() {
    return switch (this) {
      case Free(String _, String words) -> words;
      case Locked _ -> "";
    };
  }
}
