package dev.signalbox.engine.journal;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// The journal in both databases: does the same work on each at once and collects what came of it.
record BothDatabases(Together together, List<JournalCopy> copies) {
  /// How long the second answer is waited for once there is one: a database that hangs must not
  /// hold up what the other one has already taken.
  private static final Duration GRACE = Duration.ofMillis(300);

  /// Longer than a link's own timeouts together.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  BothDatabases {
    copies = List.copyOf(copies);
  }

  interface Question<T> {
    T ask(JournalCopy copy) throws SQLException;
  }

  <T> List<Answer<T>> ask(Question<T> question) {
    return ask(copies, question);
  }

  /// Asks those that are likely to answer; both, when neither is.
  <T> List<Answer<T>> askWell(Question<T> question) {
    List<JournalCopy> well = copies.stream().filter(copy -> !copy.suspect()).toList();
    return ask(well.isEmpty() ? copies : well, question);
  }

  /// Waits for the first result, and then [#GRACE] for the others; when none comes, for all. A
  /// link's own timeout bounds the wait. What is not waited for goes on by itself, and its link
  /// counts as suspect meanwhile.
  private <T> List<Answer<T>> ask(List<JournalCopy> whom, Question<T> question) {
    List<Answer<T>> answers = new ArrayList<>();
    together
        .<JournalCopy, T>ask(whom, 1, PATIENCE, GRACE, question::ask)
        .forEach((copy, told) ->
            answers.add(
                switch (told) {
                  case Together.Answered<T>(T value) -> new Given<>(copy, value);
                  case Together.Failed<T>(Exception why) -> missing(copy, why);
                }));
    return answers;
  }

  private static <T> Missing<T> missing(JournalCopy copy, Exception why) {
    return switch (why) {
      case SQLException e -> new Missing<>(copy, e);
      case TimeoutException e ->
          new Missing<>(
              copy, new SQLException(copy.name() + " did not answer in time.", "08006", e));
      default -> throw new IllegalStateException(why);
    };
  }

  sealed interface Answer<T> {
    JournalCopy copy();
  }

  record Given<T>(JournalCopy copy, T value) implements Answer<T> {}

  record Missing<T>(JournalCopy copy, SQLException why) implements Answer<T> {}
}
