package dev.signalbox.engine.strategy.step;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.EngineStatus;
import dev.signalbox.engine.strategy.control.OpenQuery;
import java.util.Optional;

/// Says which queries are open on a stack.
final class OpenQueryText {
  private static final int SHOWN = 80;

  private OpenQueryText() {}

  /// For the journal, which keeps no text of queries: there may be secrets in it. For example `2
  /// queries are open on blue, the oldest for 12 s: q-7 of anna`.
  static String count(ClusterStatus status, Colour colour) {
    EngineStatus engine = colour == Colour.BLUE ? status.getBlue() : status.getGreen();
    int open = engine.getOpenQueries();
    return open
        + (open == 1 ? " query is" : " queries are")
        + " open on "
        + colour
        + ", the oldest for "
        + engine.getOldestQueryMillis() / 1_000
        + " s"
        + oldest(status, colour)
            .map(q -> ": " + line(q.getQueryId()) + " of " + line(q.getUser()))
            .orElse("");
  }

  /// For a screen: the same, and what the oldest one asks.
  static String show(ClusterStatus status, Colour colour) {
    return count(status, colour)
        + oldest(status, colour).map(q -> ", " + line(q.getSql())).orElse("");
  }

  private static Optional<OpenQuery> oldest(ClusterStatus status, Colour colour) {
    return status.getQueriesList().stream()
        .filter(query -> query.getStrategy().equals(colour.id()))
        .findFirst();
  }

  /// What a client wrote may hold anything, also what commands a terminal.
  private static String line(String text) {
    String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() > SHOWN ? line.substring(0, SHOWN) + " …" : line;
  }
}
