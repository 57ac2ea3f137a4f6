package dev.signalbox.ui.strategy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.StrategyView;
import java.util.Locale;

/// The states of a cluster as they are drawn: a way there above, the way back below.
enum DrawnState {
  BLUE_ANSWERS,
  BLUE_DRAINING,
  BLUE_DRAINED,
  GREEN_ANSWERS,
  GREEN_DRAINING,
  GREEN_DRAINED,
  SUSPENDED,
  UNKNOWN;

  static DrawnState of(StrategyView view) {
    Colour live = view.live();
    if (!view.reachable()) {
      return UNKNOWN;
    }
    if (view.suspended()) {
      return SUSPENDED;
    }
    return switch (view.phase()) {
      case UNKNOWN -> UNKNOWN;
      case SUSPENDED -> SUSPENDED;
      case STEADY -> live == null ? UNKNOWN : live == Colour.BLUE ? BLUE_ANSWERS : GREEN_ANSWERS;
      case DRAINING ->
          live == null ? UNKNOWN : live == Colour.BLUE ? BLUE_DRAINING : GREEN_DRAINING;
      case DRAINED -> live == null ? UNKNOWN : live == Colour.BLUE ? BLUE_DRAINED : GREEN_DRAINED;
    };
  }

  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
