package dev.signalbox.engine.strategy.step;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.EngineStatus;

/// Says which queries are open on a stack.
final class OpenQueries {
  private static final int SHOWN = 80;

  private OpenQueries() {}

  /// For example `2 queries are open on blue, the oldest for 12 s: q-7 of anna, SELECT …`.
  static String say(ClusterStatus status, Colour colour) {
    EngineStatus engine = colour == Colour.BLUE ? status.getBlue() : status.getGreen();
    int open = engine.getOpenQueries();
    String oldest =
        status.getQueriesList().stream()
            .filter(query -> query.getStrategy().equals(colour.id()))
            .findFirst()
            .map(q -> ": " + q.getQueryId() + " of " + q.getUser() + ", " + line(q.getSql()))
            .orElse("");
    return open
        + (open == 1 ? " query is" : " queries are")
        + " open on "
        + colour
        + ", the oldest for "
        + engine.getOldestQueryMillis() / 1_000
        + " s"
        + oldest;
  }

  private static String line(String sql) {
    String line = sql.strip().replaceAll("\\s+", " ");
    return line.length() > SHOWN ? line.substring(0, SHOWN) + " …" : line;
  }
}
