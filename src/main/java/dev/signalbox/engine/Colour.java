package dev.signalbox.engine;

import java.util.Locale;

/// One of the two stacks of an environment. Which of them is live is a matter of observation, never
/// of the name.
public enum Colour {
  BLUE,
  GREEN;

  /// The stack that this one is released to, or rolled back to.
  public Colour other() {
    return this == BLUE ? GREEN : BLUE;
  }

  /// The name in lower case, as in configuration, SQL names and JSON.
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The name with a capital letter, for the beginning of a title.
  public String title() {
    return name().charAt(0) + id().substring(1);
  }

  /// Reads what [#id] writes, in any case.
  ///
  /// @throws IllegalArgumentException when the text is neither blue nor green
  public static Colour parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "blue" -> BLUE;
      case "green" -> GREEN;
      default -> throw new IllegalArgumentException("'" + text + "' is neither blue nor green");
    };
  }

  @Override
  public String toString() {
    return id();
  }
}
