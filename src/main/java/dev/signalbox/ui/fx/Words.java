package dev.signalbox.ui.fx;

import dev.signalbox.engine.Colour;

/// The words for what every screen names.
public final class Words {
  private Words() {}

  /// `Blue`, `Green`.
  public static String colour(Colour colour) {
    return switch (colour) {
      case BLUE -> Messages.text("colour.blue");
      case GREEN -> Messages.text("colour.green");
    };
  }

  /// `■ Blue`, `● Green`.
  public static String marked(Colour colour) {
    return mark(colour) + " " + colour(colour);
  }

  /// `■` or `●`, which stand for the stacks where colour alone would have to.
  public static String mark(Colour colour) {
    return switch (colour) {
      case BLUE -> "■";
      case GREEN -> "●";
    };
  }
}
