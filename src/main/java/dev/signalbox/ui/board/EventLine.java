package dev.signalbox.ui.board;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Format;

/// One line of the list of events.
record EventLine(long sequence, String time, Sign sign, boolean quiet, String text, String who) {
  static EventLine of(EngineEvent event) {
    return new EventLine(
        event.sequence(),
        Format.utc(event.at()),
        sign(event.kind()),
        isQuiet(event.kind()),
        event.text(),
        event.actor());
  }

  /// As copied to the clipboard.
  String asText() {
    return time + " UTC\t" + who + "\t" + text;
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
