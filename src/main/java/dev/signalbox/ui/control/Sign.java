package dev.signalbox.ui.control;

import java.util.Locale;

/// A status, always shown as a drawn sign with a word: never by colour alone.
public enum Sign {
  OK,
  PENDING,
  /// Done, but not as it should be.
  WARNING,
  BAD,
  UNKNOWN;

  /// Class in the style sheet.
  public String style() {
    return "sign-" + name().toLowerCase(Locale.ROOT);
  }
}
