package dev.signalbox.ui.control;

/// One phase as the strip shows it.
///
/// @param word the state in a word, for a screen reader
public record PhasePresentation(
    String title, State state, String word, String took, String detail) {
  public enum State {
    WAITING,
    RUNNING,
    HOLDING,
    DONE,
    /// Done, but not within what was allowed.
    WARNING,
    UNDOING,
    UNDONE,
    /// It was begun; whether it still is so is not known.
    UNKNOWN
  }
}
