package dev.signalbox.ui.shell;

import java.util.Locale;

/// The screens that there are, in the order of the rail; `Ctrl` and the place in it opens one.
public enum Screen {
  BOARD(1),
  STRATEGY(2);

  private final int place;

  Screen(int place) {
    this.place = place;
  }

  /// The name as stored, in the style sheet and in the message bundle.
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Counts from 1, as the key that opens it.
  int place() {
    return place;
  }

  /// The screen with that id; the first one when there is none.
  public static Screen of(String id) {
    for (Screen screen : values()) {
      if (screen.id().equals(id)) {
        return screen;
      }
    }
    return BOARD;
  }
}
