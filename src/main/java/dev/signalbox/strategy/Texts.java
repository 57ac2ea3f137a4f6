package dev.signalbox.strategy;

/// What peers say, made fit to show.
final class Texts {
  private static final int LONGEST = 40;

  private Texts() {}

  /// At most 40 characters, each of them printable ASCII; others become `?`.
  static String shown(String text) {
    StringBuilder shown = new StringBuilder(LONGEST);
    for (int i = 0; i < text.length() && i < LONGEST; i++) {
      char c = text.charAt(i);
      shown.append(c >= 0x20 && c <= 0x7e ? c : '?');
    }
    return shown.toString();
  }
}
