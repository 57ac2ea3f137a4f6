package dev.signalbox.ui.board;

import dev.signalbox.engine.ApplicationView.Endpoint;
import dev.signalbox.engine.Health;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Messages;

/// The words and signs for the health of an endpoint.
final class HealthWords {
  private HealthWords() {}

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
