package dev.signalbox.engine.journal;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// Does the same work on every database at once and collects what came of it.
final class BothDatabases {
  /// How long the second answer is waited for once there is one: a database that hangs must not
  /// hold up what the other one has already taken.
  private static final Duration GRACE = Duration.ofMillis(300);

  /// Longer than a link's own timeouts together.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private BothDatabases() {}

  /// Waits for the first result, and then [#GRACE] for the others; when none comes, for all. A
  /// link's own timeout bounds the wait. What is not waited for goes on by itself, and its link
  /// counts as suspect meanwhile.
  static <T> List<Answer<T>> ask(List<Link> links, LinkWork<T> work) {
    List<Answer<T>> answers = new ArrayList<>();
    Together.<Link, T>ask(links, PATIENCE, GRACE, link -> link.call(c -> work.on(link, c)))
        .forEach((link, told) ->
            answers.add(
                switch (told) {
                  case Together.Answered<T>(T value) -> new Given<>(link, value);
                  case Together.Failed<T>(Exception why) -> missing(link, why);
                }));
    return answers;
  }

  private static <T> Missing<T> missing(Link link, Exception why) {
    return switch (why) {
      case SQLException e -> new Missing<>(link, e);
      case TimeoutException e ->
          new Missing<>(
              link,
              new SQLException(link.server().colour() + " did not answer in time.", "08006", e));
      default -> throw new IllegalStateException(why);
    };
  }

  interface LinkWork<T> {
    T on(Link link, java.sql.Connection connection) throws SQLException;
  }

  sealed interface Answer<T> {
    Link link();
  }

  record Given<T>(Link link, T value) implements Answer<T> {}

  record Missing<T>(Link link, SQLException why) implements Answer<T> {}
}
