package dev.signalbox.engine;

/// A condition that must hold before traffic may move, with its evidence.
///
/// @param id stable, for example `database.lag`
/// @param title a few words
/// @param evidence what was seen, with units; for a closed gate also what to do
public record GateView(String id, String title, State state, String evidence) {
  /// PENDING is not a failure: it has not been proven yet.
  public enum State {
    OPEN,
    PENDING,
    CLOSED
  }
}
