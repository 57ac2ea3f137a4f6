package dev.signalbox.ui.board;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Format;
import java.time.Duration;

/// One line of the list of events.
record EventLine(long sequence, String time, Sign sign, boolean quiet, String text, String who) {
  /// @param budget of the stall: a switch that took longer is not ticked
  static EventLine of(EngineEvent event, Duration budget) {
    return new EventLine(
        event.sequence(),
        Format.utc(event.at()),
        isOver(event, budget) ? Sign.WARNING : sign(event.kind()),
        isQuiet(event.kind()),
        event.text(),
        event.actor());
  }

  /// As copied to the clipboard.
  String asText() {
    return time + " UTC\t" + who + "\t" + text;
  }

  private static boolean isOver(EngineEvent event, Duration budget) {
    return event.payload() instanceof EventPayload.MoveDone done
        && done.stall() != null
        && done.stall().compareTo(budget) > 0;
  }

  private static Sign sign(EngineEvent.Kind kind) {
    return switch (kind) {
      case STEP_FAILED, UNDO_FAILED -> Sign.BAD;
      case HOLDING, GIVE_UP_STARTED, MOVE_UNDONE -> Sign.PENDING;
      case MOVE_DONE, MOVE_PROVEN, PHASE_DONE, RELEASE_ENDED -> Sign.OK;
      case RELEASE_STARTED,
          COMMAND,
          LEASE_TAKEN,
          PHASE_STARTED,
          STEP_INTENT,
          STEP_DONE,
          UNDO_INTENT,
          UNDO_DONE,
          MOVE_STARTED,
          GATE,
          NOTE ->
          Sign.UNKNOWN;
    };
  }

  private static boolean isQuiet(EngineEvent.Kind kind) {
    return kind == EngineEvent.Kind.STEP_INTENT || kind == EngineEvent.Kind.UNDO_INTENT;
  }
}
