package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.StrategyView.Engine;
import dev.signalbox.engine.StrategyView.Fleet;
import dev.signalbox.engine.StrategyView.Rates;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Age;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Words;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The strategy plane in a few lines.
///
/// @param warning how old this is, or why it is not known; empty when it is fresh
record StrategyStripPresentation(
    List<Line> lines, String warning, boolean stale, String accessible) {
  /// @param colour that the value is written in; null for none
  record Line(String label, String value, @Nullable Colour colour, @Nullable Sign sign) {}

  private static final String NONE = "–";

  /// Null when the environment has no query cluster. Costs the same however many clients there are.
  static @Nullable StrategyStripPresentation of(EngineSnapshot state, Instant now) {
    StrategyView view = state.strategy();
    if (view == null) {
      return null;
    }
    boolean stale =
        Age.isStale(view.at(), now, state.pollInterval())
            || Age.isStale(state.at(), now, state.pollInterval());
    if (stale || !view.reachable()) {
      return unknown(
          stale
              ? Age.warning(
                  view.at().isBefore(state.at()) ? view.at() : state.at(),
                  now,
                  state.pollInterval())
              : Messages.text("strip.silent"));
    }
    Fleet fleet = view.fleet();
    Colour live = view.live();
    List<Line> lines =
        List.of(
            new Line(
                Messages.text("strip.active"),
                live == null ? Messages.text("top.unknown") : Words.marked(live),
                live,
                null),
            pending(view),
            line("clients", Messages.text("strip.clients.value", fleet.blue(), fleet.green())),
            line("queries", queries(view)),
            line("oldest", oldest(view)),
            rate(view.rates()),
            cache(view.rates()));
    return presentation(lines, "");
  }

  /// What was seen last says nothing of now.
  private static StrategyStripPresentation unknown(String warning) {
    String unknown = Messages.text("top.unknown");
    return presentation(
        List.of(
            new Line(Messages.text("strip.active"), unknown, null, Sign.UNKNOWN),
            new Line(Messages.text("strip.pending"), unknown, null, Sign.UNKNOWN),
            line("clients", NONE),
            line("queries", NONE),
            line("oldest", NONE),
            line("wrong", NONE),
            line("cache", NONE)),
        warning);
  }

  private static StrategyStripPresentation presentation(List<Line> lines, String warning) {
    return new StrategyStripPresentation(
        lines,
        warning,
        !warning.isEmpty(),
        Messages.text("strip.accessible", lines.getFirst().value(), lines.get(3).value(), warning));
  }

  private static Line pending(StrategyView view) {
    String label = Messages.text("strip.pending");
    if (view.suspended()) {
      return new Line(label, Messages.text("strip.suspended"), null, Sign.BAD);
    }
    Colour announced = view.announced();
    if (announced == null) {
      return new Line(label, Messages.text("strip.pending.none"), null, null);
    }
    String key = view.phase() == StrategyView.Phase.DRAINED ? "strip.drained" : "strip.draining";
    return new Line(label, Messages.text(key, Words.marked(announced)), announced, Sign.PENDING);
  }

  private static String queries(StrategyView view) {
    Engine blue = view.engines().get(Colour.BLUE);
    Engine green = view.engines().get(Colour.GREEN);
    return Messages.text(
        "strip.queries.value",
        blue == null ? NONE : Format.count(blue.openQueries()),
        green == null ? NONE : Format.count(green.openQueries()));
  }

  private static String oldest(StrategyView view) {
    Engine oldest = null;
    for (Engine engine : view.engines().values()) {
      if (oldest == null || engine.oldestQuery().compareTo(oldest.oldestQuery()) > 0) {
        oldest = engine;
      }
    }
    return oldest == null || oldest.oldestQuery().isZero()
        ? NONE
        : Messages.text(
            "strip.oldest.value", Format.duration(oldest.oldestQuery()), oldest.colour());
  }

  private static Line rate(Rates rates) {
    boolean over = rates.wrongStrategyShare() >= StrategyView.WRONG_STRATEGY_LIMIT;
    return new Line(
        Messages.text("strip.wrong"),
        Format.finePercent(rates.wrongStrategyShare()),
        null,
        over ? Sign.BAD : null);
  }

  private static Line cache(Rates rates) {
    double share = rates.cacheHitShare();
    return new Line(
        Messages.text("strip.cache"),
        Double.isNaN(share) ? Messages.text("strip.unknown") : Format.finePercent(share),
        null,
        share < StrategyView.CACHE_HIT_TARGET ? Sign.BAD : null);
  }

  private static Line line(String key, String value) {
    return new Line(Messages.text("strip." + key), value, null, null);
  }
}
