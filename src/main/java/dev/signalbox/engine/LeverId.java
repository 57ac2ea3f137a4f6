package dev.signalbox.engine;

/// What an operator may do to a release. One name for one act, the same in window, command line and
/// audit.
public enum LeverId {
  START("Start a release"),
  CUT_OVER("Cut over"),
  /// Moves traffic and writes back to where the release came from.
  ROLL_BACK("Roll back"),
  /// Undoes what the release built; traffic and writes are not moved.
  GIVE_UP("Give up the release"),
  RESUME("Resume"),
  CLEAN_UP("Clean up"),
  TAKE_OVER("Take over");

  private final String title;

  LeverId(String title) {
    this.title = title;
  }

  /// Verb and object, in English.
  public String title() {
    return title;
  }
}
