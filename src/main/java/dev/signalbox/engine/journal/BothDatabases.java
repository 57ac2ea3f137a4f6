package dev.signalbox.engine.journal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/// Does the same work on every database at once, each on a virtual thread of its own, and collects
/// what came of it.
final class BothDatabases {
  private static final Executor EXECUTOR = Executors.newVirtualThreadPerTaskExecutor();

  private BothDatabases() {}

  /// Waits for all; a link's own timeout bounds the wait.
  static <T> List<Answer<T>> ask(List<Link> links, LinkWork<T> work) {
    List<CompletableFuture<Answer<T>>> running = new ArrayList<>();
    for (Link link : links) {
      running.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return new Given<>(link, link.call(connection -> work.on(link, connection)));
                } catch (SQLException e) {
                  return new Missing<>(link, e);
                }
              },
              EXECUTOR));
    }
    List<Answer<T>> answers = new ArrayList<>();
    for (CompletableFuture<Answer<T>> future : running) {
      try {
        answers.add(future.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        answers.add(future.join());
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
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
