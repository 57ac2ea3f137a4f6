package dev.signalbox.ui.strategy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.StrategyView.Engine;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The query engine of one stack.
///
/// @param badge what it does with queries, in a word
/// @param word whether it is reachable, said with the sign
/// @param problem a sentence; empty when there is none
record EnginePresentation(
    Colour colour,
    boolean live,
    String badge,
    Sign sign,
    String word,
    String version,
    List<Figure> figures,
    String problem) {
  record Figure(String label, String value) {}

  private static final String NONE = "–";

  static EnginePresentation of(StrategyView view, Colour colour) {
    Engine engine = view.reachable() ? view.engines().get(colour) : null;
    boolean reachable = engine != null && engine.reachable();
    return new EnginePresentation(
        colour,
        view.reachable() && view.live() == colour,
        badge(view, colour),
        engine == null ? Sign.UNKNOWN : reachable ? Sign.OK : Sign.BAD,
        Messages.text(
            !view.reachable()
                ? "top.unknown"
                : engine == null
                    ? "engine.unknown"
                    : reachable ? "engine.reachable" : "engine.silent"),
        engine == null || engine.serverVersion().isEmpty() ? "" : engine.serverVersion(),
        figures(engine),
        engine == null || engine.reachable() ? "" : engine.problem());
  }

  private static String badge(StrategyView view, Colour colour) {
    String key =
        switch (DrawnState.of(view)) {
          case UNKNOWN -> "engine.badge.unknown";
          case SUSPENDED -> "engine.badge.suspended";
          case BLUE_ANSWERS, GREEN_ANSWERS ->
              view.live() == colour ? "engine.badge.answers" : "engine.badge.wrong";
          case BLUE_DRAINING, GREEN_DRAINING ->
              view.live() == colour ? "engine.badge.draining" : "engine.badge.announced";
          case BLUE_DRAINED, GREEN_DRAINED ->
              view.live() == colour ? "engine.badge.drained" : "engine.badge.announced";
        };
    return Messages.text(key);
  }

  private static List<Figure> figures(@Nullable Engine engine) {
    List<Figure> figures = new ArrayList<>();
    Engine known = engine != null && engine.reachable() ? engine : null;
    figures.add(figure("sessions", known != null ? Format.count(known.sessions()) : NONE));
    figures.add(figure("open", known != null ? Format.count(known.openQueries()) : NONE));
    figures.add(figure("oldest", known != null ? oldest(known.oldestQuery()) : NONE));
    figures.add(figure("wrong", engine == null ? NONE : Format.count(engine.wrongStrategy())));
    figures.add(figure("started", engine == null ? NONE : Format.count(engine.queriesStarted())));
    figures.add(figure("ended", engine == null ? NONE : Format.count(engine.queriesEnded())));
    figures.add(figure("failed", engine == null ? NONE : Format.count(engine.queriesFailed())));
    figures.add(figure("rows", engine == null ? NONE : rows(engine.rows())));
    return List.copyOf(figures);
  }

  private static String rows(long rows) {
    return rows < 1_000_000_000
        ? Format.count(rows)
        : Messages.text("engine.millions", Format.count(rows / 1_000_000));
  }

  private static String oldest(Duration age) {
    return age.isZero() ? NONE : Format.duration(age);
  }

  private static Figure figure(String name, String value) {
    return new Figure(Messages.text("engine.figure." + name), value);
  }
}
