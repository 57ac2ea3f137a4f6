package dev.signalbox.engine.journal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks several at once, each on a virtual thread of its own, and collects what came of it.
final class Together {
  private static final Logger LOG = LoggerFactory.getLogger(Together.class);
  private static final Executor EXECUTOR = Executors.newVirtualThreadPerTaskExecutor();

  private Together() {}

  sealed interface Told<T> {}

  record Answered<T>(T value) implements Told<T> {}

  record Failed<T>(Exception why) implements Told<T> {}

  interface Question<V, T> {
    T ask(V whom) throws Exception;
  }

  /// Waits for the first answer, at most `patience`, and then `grace` for the others. What is not
  /// waited for goes on by itself and counts as failed with a [TimeoutException].
  static <V, T> Map<V, Told<T>> ask(
      Iterable<V> whom, Duration patience, Duration grace, Question<V, T> question) {
    Map<V, CompletableFuture<Told<T>>> running = new LinkedHashMap<>();
    CompletableFuture<Boolean> first = new CompletableFuture<>();
    for (V one : whom) {
      running.put(one, CompletableFuture.supplyAsync(() -> told(one, question, first), EXECUTOR));
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(running.values().toArray(new CompletableFuture<?>[0]));
    if (waited(CompletableFuture.anyOf(all, first), patience)) {
      waited(all, grace);
    }
    Map<V, Told<T>> told = new LinkedHashMap<>();
    running.forEach((one, answer) ->
        told.put(
            one, answer.getNow(new Failed<>(new TimeoutException("it did not answer in time")))));
    return told;
  }

  private static <V, T> Told<T> told(
      V one, Question<V, T> question, CompletableFuture<Boolean> first) {
    try {
      Answered<T> answered = new Answered<>(question.ask(one));
      first.complete(true);
      return answered;
    } catch (Exception e) {
      return new Failed<>(e);
    }
  }

  private static boolean waited(CompletableFuture<?> what, Duration limit) {
    try {
      what.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      LOG.debug("not all are waited for", e);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
