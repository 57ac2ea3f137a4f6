package dev.signalbox.engine;

/// The phases of a release, in the order in which they are passed.
public enum Phase {
  INITIALIZE("Initialize"),
  PREPARE("Prepare"),
  REPLICATE("Replicate"),
  SYNCHRONIZE("Synchronize"),
  CUT_OVER("Cut over"),
  WATCH("Watch"),
  CLEAN_UP("Clean up");

  private final String title;

  Phase(String title) {
    this.title = title;
  }

  /// The name for a person, in English. PREPARE is shown with the colour it prepares.
  public String title() {
    return title;
  }
}
