package dev.signalbox.ui.board;

import dev.signalbox.engine.ApplicationView.Endpoint;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Health;
import dev.signalbox.engine.Phase;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Messages;

/// The words for what the engine names.
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
    return switch (colour) {
      case BLUE -> "■ " + colour(colour);
      case GREEN -> "● " + colour(colour);
    };
  }

  static String phase(Phase phase, Colour target) {
    return phase == Phase.PREPARE
        ? Messages.text("phase.prepare", target.id())
        : Messages.text("phase." + phase.name().toLowerCase(java.util.Locale.ROOT));
  }

  /// The verdict takes several checks; the last one may already say otherwise.
  static String health(Endpoint endpoint) {
    if (isTurning(endpoint)) {
      return Messages.text(
          endpoint.health() == Health.HEALTHY ? "health.wavering" : "health.recovering");
    }
    return switch (endpoint.health()) {
      case UNKNOWN -> Messages.text("health.unknown");
      case HEALTHY -> Messages.text("health.healthy");
      case UNHEALTHY -> Messages.text("health.unhealthy");
      case ABSENT -> Messages.text("health.absent");
    };
  }

  private static boolean isTurning(Endpoint endpoint) {
    return switch (endpoint.health()) {
      case HEALTHY -> !endpoint.detail().isEmpty();
      case UNHEALTHY -> endpoint.detail().isEmpty();
      case UNKNOWN, ABSENT -> false;
    };
  }

  static Sign sign(Endpoint endpoint) {
    if (isTurning(endpoint)) {
      return Sign.PENDING;
    }
    return switch (endpoint.health()) {
      case UNKNOWN, ABSENT -> Sign.UNKNOWN;
      case HEALTHY -> Sign.OK;
      case UNHEALTHY -> Sign.BAD;
    };
  }
}
