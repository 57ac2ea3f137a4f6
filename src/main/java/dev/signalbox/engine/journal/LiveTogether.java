package dev.signalbox.engine.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The machine's clock; each of several is asked on a virtual thread of its own.
record LiveTogether() implements Together {
  private static final Logger LOG = LoggerFactory.getLogger(LiveTogether.class);
  private static final Executor EXECUTOR = Executors.newVirtualThreadPerTaskExecutor();

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public <V, T> Map<V, Told<T>> ask(
      Iterable<V> whom, int enough, Duration patience, Duration grace, Question<V, T> question) {
    Map<V, CompletableFuture<Told<T>>> running = new LinkedHashMap<>();
    AtomicInteger wanting = new AtomicInteger(enough);
    CompletableFuture<Boolean> answered = new CompletableFuture<>();
    for (V one : whom) {
      running.put(
          one,
          CompletableFuture.supplyAsync(
              () -> {
                Told<T> told = told(one, question);
                if (told instanceof Answered<T> && wanting.decrementAndGet() == 0) {
                  answered.complete(true);
                }
                return told;
              },
              EXECUTOR));
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(running.values().toArray(new CompletableFuture<?>[0]));
    if (waited(CompletableFuture.anyOf(all, answered), patience)) {
      waited(all, grace);
    }
    Map<V, Told<T>> told = new LinkedHashMap<>();
    running.forEach((one, answer) ->
        told.put(
            one, answer.getNow(new Failed<>(new TimeoutException("it did not answer in time")))));
    return told;
  }

  private static <V, T> Told<T> told(V one, Question<V, T> question) {
    try {
      return new Answered<>(question.ask(one));
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
