package dev.signalbox.ui.strategy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.StrategyView.OpenQuery;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Words;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where the cluster stands between its stacks, and what happens next.
///
/// @param now a sentence: what is so
/// @param next a sentence: what happens next, or what to do
record ClusterPresentation(DrawnState lit, String now, String next) {
  static ClusterPresentation of(StrategyView view) {
    DrawnState lit = DrawnState.of(view);
    return switch (lit) {
      case BLUE_ANSWERS -> steady(lit, Colour.BLUE, view.changedAt());
      case GREEN_ANSWERS -> steady(lit, Colour.GREEN, view.changedAt());
      case BLUE_DRAINING -> draining(lit, Colour.BLUE, view);
      case GREEN_DRAINING -> draining(lit, Colour.GREEN, view);
      case BLUE_DRAINED -> drained(lit, Colour.BLUE);
      case GREEN_DRAINED -> drained(lit, Colour.GREEN);
      case SUSPENDED ->
          new ClusterPresentation(
              lit,
              Messages.text("strategy.now.suspended"),
              Messages.text("strategy.next.suspended"));
      case UNKNOWN ->
          new ClusterPresentation(
              lit,
              Messages.text("strategy.now.unknown", view.problem()),
              Messages.text("strategy.next.unknown"));
    };
  }

  private static ClusterPresentation steady(DrawnState lit, Colour live, @Nullable Instant since) {
    String from =
        since == null ? "" : " " + Messages.text("strategy.since", Format.utcMinute(since));
    return new ClusterPresentation(
        lit,
        Messages.text("strategy.now.steady", Words.colour(live), from, live.other()),
        Messages.text("strategy.next.steady", live.other(), live));
  }

  private static ClusterPresentation draining(DrawnState lit, Colour old, StrategyView view) {
    StrategyView.Engine engine = view.engines().get(old);
    OpenQuery oldest = oldest(view, old);
    int open = engine == null ? count(view, old) : engine.openQueries();
    return new ClusterPresentation(
        lit,
        oldest == null
            ? Messages.text("strategy.now.draining", Words.colour(old.other()), open, old)
            : Messages.text(
                "strategy.now.draining.oldest",
                Words.colour(old.other()),
                open,
                old,
                Format.duration(oldest.age()),
                oldest.id(),
                oldest.user()),
        Messages.text("strategy.next.draining", old, old.other()));
  }

  private static int count(StrategyView view, Colour colour) {
    return (int) view.queries().stream().filter(query -> query.colour() == colour).count();
  }

  private static @Nullable OpenQuery oldest(StrategyView view, Colour colour) {
    for (OpenQuery query : view.queries()) {
      if (query.colour() == colour) {
        return query;
      }
    }
    return null;
  }

  private static ClusterPresentation drained(DrawnState lit, Colour old) {
    return new ClusterPresentation(
        lit,
        Messages.text("strategy.now.drained", Words.colour(old)),
        Messages.text("strategy.next.drained", old.other(), old));
  }
}
