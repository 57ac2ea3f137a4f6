package dev.signalbox.ui.board;

import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One switch of the release. Only the one that still stands, and that kept its budget, is ticked.
record MoveLine(Sign sign, String text) {
  private static final int SHOWN = 2;

  /// The last ones, the newest first.
  static List<MoveLine> of(ReleaseView release, Duration budget) {
    List<MoveLine> lines = new ArrayList<>();
    List<MoveView> moves = release.moves();
    for (int i = moves.size() - 1; i >= 0 && lines.size() < SHOWN; i--) {
      lines.add(of(moves.get(i), isTakenBack(moves.subList(i + 1, moves.size())), budget));
    }
    return List.copyOf(lines);
  }

  /// Each switch that was made turns the one before it round.
  private static boolean isTakenBack(List<MoveView> later) {
    return later.stream().anyMatch(move -> move.result() == MoveView.Result.DONE);
  }

  private static MoveLine of(MoveView move, boolean takenBack, Duration budget) {
    String time = Format.utc(move.at());
    Stall stall = Stall.of(move, budget);
    String words = stall.words().isEmpty() ? "" : " · " + stall.words();
    return switch (move.result()) {
      case UNDER_WAY ->
          new MoveLine(Sign.PENDING, Messages.text("move.under_way", move.move(), time));
      case UNDONE ->
          new MoveLine(Sign.UNKNOWN, Messages.text("move.undone", move.move(), time) + words);
      case DONE ->
          takenBack
              ? new MoveLine(
                  Sign.UNKNOWN, Messages.text("move.taken_back", move.move(), time) + words)
              : new MoveLine(
                  stall.over() ? Sign.WARNING : Sign.OK,
                  Messages.text("move.done", move.move(), time) + words);
    };
  }
}
