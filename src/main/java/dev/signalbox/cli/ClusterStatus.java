package dev.signalbox.cli;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.StrategyView;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What `status` says of the query cluster.
final class ClusterStatus {
  /// The oldest ones.
  private static final int SHOWN_QUERIES = 5;

  private ClusterStatus() {}

  static void write(@Nullable StrategyView view, StatusLines lines) {
    if (view == null) {
      return;
    }
    if (view.at().equals(Instant.EPOCH)) {
      lines.add("strategy", "not asked yet");
      return;
    }
    if (!view.reachable()) {
      lines.add("strategy", "✗ the query cluster does not answer: " + view.problem());
      return;
    }
    lines.add("strategy", state(view));
    for (Colour colour : Colour.values()) {
      StrategyView.Engine engine = view.engines().get(colour);
      if (engine != null) {
        lines.add("", StatusLines.name(colour) + " " + queries(engine));
      }
    }
    view.queries().stream().limit(SHOWN_QUERIES).forEach(each -> lines.add("query", query(each)));
    StrategyView.Fleet fleet = view.fleet();
    lines.add(
        "clients",
        String.format(
            Locale.ROOT,
            "%d report: %d blue, %d green, %d without; %d pending, %d silent",
            fleet.clients(),
            fleet.blue(),
            fleet.green(),
            fleet.none(),
            fleet.pending(),
            fleet.silent()));
  }

  private static String state(StrategyView view) {
    Colour live = view.live();
    Colour announced = view.announced();
    return (view.suspended() ? "✗ suspended, " : "")
        + (live == null ? "live not known" : "live " + StatusLines.name(live))
        + (announced == null
            ? ""
            : ", "
                + StatusLines.name(announced)
                + " announced, "
                + view.phase().name().toLowerCase(Locale.ROOT))
        + String.format(
            Locale.ROOT, ", 456 %.2f %% of calls", view.rates().wrongStrategyShare() * 100);
  }

  private static String query(StrategyView.OpenQuery query) {
    return query.id()
        + " on "
        + StatusLines.name(query.colour())
        + " for "
        + DurationText.words(query.age())
        + ", "
        + query.user()
        + (query.client().isEmpty() ? "" : " at " + query.client())
        + ", "
        + query.state();
  }

  private static String queries(StrategyView.Engine engine) {
    if (!engine.reachable()) {
      return "does not answer: " + engine.problem();
    }
    return (engine.openQueries() == 1 ? "1 open query" : engine.openQueries() + " open queries")
        + (engine.oldestQuery().isZero()
            ? ""
            : ", the oldest " + DurationText.words(engine.oldestQuery()));
  }
}
