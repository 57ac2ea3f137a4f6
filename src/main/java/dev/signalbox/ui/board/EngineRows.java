package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.ui.board.StackPresentation.Part;
import dev.signalbox.ui.board.StackPresentation.Row;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Age;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the card of a stack says when all that it has is a query engine.
final class EngineRows {
  private EngineRows() {}

  static Part of(EngineSnapshot state, Colour colour, Instant now) {
    StrategyView view = state.strategy();
    if (view == null) {
      return Part.NONE;
    }
    Instant seen = DatabaseSide.older(view.at(), state.at());
    String old = Age.warning(seen, now, state.pollInterval());
    if (!old.isEmpty() || !view.reachable()) {
      return new Part(
          "",
          old.isEmpty() ? Messages.text("stack.cluster.silent", view.problem()) : old,
          true,
          List.of(row("engine.title", Sign.UNKNOWN, Messages.text("top.unknown"), "", "")),
          List.of());
    }
    StrategyView.Engine engine = view.engines().get(colour);
    List<Row> rows = new ArrayList<>();
    if (engine == null) {
      rows.add(row("engine.title", Sign.UNKNOWN, Messages.text("engine.unknown"), "", ""));
    } else if (!engine.reachable()) {
      rows.add(row("engine.title", Sign.BAD, Messages.text("engine.silent"), "", engine.problem()));
    } else {
      rows.add(
          row(
              "engine.title",
              Sign.OK,
              Messages.text("engine.reachable"),
              engine.serverVersion(),
              ""));
      rows.add(row("engine.figure.open", null, "", Format.count(engine.openQueries()), ""));
      rows.add(row("engine.figure.sessions", null, "", Format.count(engine.sessions()), ""));
    }
    return new Part("", "", false, List.copyOf(rows), List.of());
  }

  private static Row row(String key, @Nullable Sign sign, String word, String value, String note) {
    return new Row(Messages.text(key), sign, word, value, note, "");
  }
}
