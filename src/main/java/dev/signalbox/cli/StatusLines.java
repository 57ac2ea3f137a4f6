package dev.signalbox.cli;

import dev.signalbox.engine.Colour;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Lines for a person: a word at the left, what is known of it at the right.
final class StatusLines {
  private final List<String> lines = new ArrayList<>();

  void add(String word, String text) {
    lines.add(String.format(Locale.ROOT, "%-12s %s", word, text));
  }

  List<String> all() {
    return List.copyOf(lines);
  }

  static String name(Colour colour) {
    return switch (colour) {
      case BLUE -> "BLUE ■";
      case GREEN -> "GREEN ●";
    };
  }
}
