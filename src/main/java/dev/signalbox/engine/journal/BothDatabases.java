package dev.signalbox.engine.journal;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.LoggerFactory;

/// Does the same work on every database at once, each on a virtual thread of its own, and collects
/// what came of it.
final class BothDatabases {
  private static final Executor EXECUTOR = Executors.newVirtualThreadPerTaskExecutor();

  private BothDatabases() {}

  /// How long the second answer is waited for once there is one: a database that hangs must not
  /// hold up what the other one has already taken.
  private static final Duration GRACE = Duration.ofMillis(300);

  /// Waits for the first result, and then [#GRACE] for the others; when none comes, for all. A
  /// link's own timeout bounds the wait. What is not waited for goes on by itself, and its link
  /// counts as suspect meanwhile.
  static <T> List<Answer<T>> ask(List<Link> links, LinkWork<T> work) {
    Map<Link, CompletableFuture<Answer<T>>> running = new LinkedHashMap<>();
    CompletableFuture<Boolean> first = new CompletableFuture<>();
    for (Link link : links) {
      CompletableFuture<Answer<T>> answer =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return new Given<>(link, link.call(connection -> work.on(link, connection)));
                } catch (SQLException e) {
                  return new Missing<>(link, e);
                }
              },
              EXECUTOR);
      var _ =
          answer.thenAccept(a -> {
            if (a instanceof Given<T>) {
              first.complete(true);
            }
          });
      running.put(link, answer);
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(running.values().toArray(new CompletableFuture<?>[0]));
    CompletableFuture.anyOf(all, first).join();
    try {
      all.get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LoggerFactory.getLogger(BothDatabases.class).debug("one database is not waited for", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    List<Answer<T>> answers = new ArrayList<>();
    running.forEach((link, answer) ->
        answers.add(
            answer.getNow(
                new Missing<>(
                    link,
                    new SQLException(
                        link.server().colour() + " did not answer in time.", "08006")))));
    return answers;
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
