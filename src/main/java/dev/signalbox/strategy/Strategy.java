package dev.signalbox.strategy;

import java.util.Locale;
import java.util.Optional;

/// Which stack of a cluster answers: what the header `strategy` carries.
public enum Strategy {
  BLUE("blue"),
  GREEN("green");

  private final String wire;

  Strategy(String wire) {
    this.wire = wire;
  }

  /// As it stands in the header and in `new_strategy`: lower case.
  public String wire() {
    return wire;
  }

  public Strategy other() {
    return this == BLUE ? GREEN : BLUE;
  }

  /// Reads what a peer or a file says: trimmed, any case.
  ///
  /// @return empty for anything but blue and green
  public static Optional<Strategy> parse(String text) {
    // The usual spelling first: this is on the path of every response.
    if (text.equals("blue")) {
      return Optional.of(BLUE);
    }
    if (text.equals("green")) {
      return Optional.of(GREEN);
    }
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "blue" -> Optional.of(BLUE);
      case "green" -> Optional.of(GREEN);
      default -> Optional.empty();
    };
  }

  @Override
  public String toString() {
    return wire;
  }
}
