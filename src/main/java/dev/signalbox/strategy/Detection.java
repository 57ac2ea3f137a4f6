package dev.signalbox.strategy;

import dev.signalbox.strategy.StrategyProbe.Answer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One detection: asks the stack that was last known, then the other one. Of several threads that
/// need the same answer one asks; each of the others still has to open a session of its own.
final class Detection {
  private final StrategyManager manager;
  private final ClusterEntry entry;
  private final StrategyProbe probe;
  private final long began = System.nanoTime();
  private final long limitNanos;

  Detection(StrategyManager manager, ClusterEntry entry, StrategyProbe probe) {
    this.manager = manager;
    this.entry = entry;
    this.probe = probe;
    limitNanos = manager.config().detectionTimeout().toNanos();
  }

  Strategy run() {
    while (true) {
      CompletableFuture<Strategy> mine = new CompletableFuture<>();
      CompletableFuture<Strategy> theirs = entry.flight.compareAndExchange(null, mine);
      if (theirs == null) {
        return lead(mine);
      }
      Strategy found = follow(theirs);
      if (found != null) {
        return found;
      }
    }
  }

  private Strategy lead(CompletableFuture<Strategy> mine) {
    try {
      // Whoever led before this thread may have found it already.
      Strategy known = manager.known(entry);
      Strategy found = known == null ? ask() : known;
      entry.flight.set(null);
      mine.complete(found);
      return found;
    } catch (RuntimeException | Error e) {
      entry.flight.set(null);
      mine.completeExceptionally(e);
      throw e;
    }
  }

  /// @return null when this thread has to ask for itself: the other one's user was refused, which
  ///   says nothing about this one's
  private @Nullable Strategy follow(CompletableFuture<Strategy> theirs) {
    try {
      return theirs.get(remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StrategyDetectionException failed) {
        throw new StrategyDetectionException(failed.errorClass(), message(failed), failed);
      }
      if (e.getCause() instanceof ClusterSuspendedException suspended) {
        throw new ClusterSuspendedException(message(suspended), suspended);
      }
      return null;
    } catch (TimeoutException e) {
      throw new StrategyDetectionException(
          ErrorClass.TIMEOUT,
          "Another thread's detection of " + entry.key + " did not end in time.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StrategyDetectionException(
          ErrorClass.CANCELLED, "The detection of " + entry.key + " was interrupted.", e);
    }
  }

  private static String message(StrategyException failed) {
    return String.valueOf(failed.getMessage());
  }

  private Strategy ask() {
    Strategy first = entry.hint;
    // A stack that hangs must leave time for the other one.
    StrategyException one = ask(first, remaining().dividedBy(2));
    if (one == null) {
      return first;
    }
    StrategyException two = ask(first.other(), remaining());
    if (two == null) {
      return first.other();
    }
    StrategyException failure = failure(first, one, two);
    entry.failure = message(failure);
    manager.emit(entry.key, new StrategyEvent.DetectionFailed(message(failure), elapsed()));
    throw failure;
  }

  private @Nullable StrategyException ask(Strategy strategy, Duration limit) {
    return switch (probe.ask(strategy, limit)) {
      case Answer.Accepted(String announced) -> {
        manager.detected(entry, strategy, elapsed());
        if (announced != null) {
          manager.announced(entry, announced);
        }
        manager.connected(entry.key, strategy);
        yield null;
      }
      case Answer.Refused(StrategyException failure) -> failure;
    };
  }

  /// Wrong credentials are what the user can mend, whatever the other stack said; a suspended
  /// cluster comes next.
  private StrategyException failure(Strategy first, StrategyException one, StrategyException two) {
    String both =
        "%s answered: %s %s answered: %s"
            .formatted(first, message(one), first.other(), message(two));
    if (one instanceof BadCredentialsException || two instanceof BadCredentialsException) {
      return new BadCredentialsException(
          "%s does not accept this user with this password. %s".formatted(entry.key, both));
    }
    if (one instanceof ClusterSuspendedException || two instanceof ClusterSuspendedException) {
      return new ClusterSuspendedException("%s is suspended. %s".formatted(entry.key, both), two);
    }
    StrategyDetectionException failure =
        new StrategyDetectionException(
            one.errorClass() == two.errorClass() ? one.errorClass() : ErrorClass.PERMANENT,
            "No stack of %s accepts this client. %s".formatted(entry.key, both),
            two);
    failure.addSuppressed(one);
    return failure;
  }

  private Duration remaining() {
    return Duration.ofNanos(Math.max(1, limitNanos - (System.nanoTime() - began)));
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
