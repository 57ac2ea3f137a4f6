package dev.signalbox.strategy.query;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.ClusterSuspendedException;
import dev.signalbox.strategy.ErrorClass;
import dev.signalbox.strategy.ErrorClassifier;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyManager;
import dev.signalbox.strategy.wire.ClusterServiceGrpc.ClusterServiceBlockingStub;
import dev.signalbox.strategy.wire.ClusterStatusRequest;
import dev.signalbox.strategy.wire.ResumeRequest;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a suspended cluster to resume, and waits until it is active.
final class Resumption {
  private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final Stubs stubs;
  private final StrategyManager manager;
  private final ClusterKey key;
  private final Credentials credentials;
  private final Duration within;

  Resumption(Stubs stubs, StrategyManager manager, ConnectionSettings settings) {
    this.stubs = stubs;
    this.manager = manager;
    key = settings.cluster();
    credentials = settings.credentials();
    within = settings.resumeWithin();
  }

  /// @param strategy the last one known; null when none
  /// @return false when resuming is not wanted
  /// @throws ClusterSuspendedException when the cluster did not resume in time
  boolean run(@Nullable Strategy strategy) {
    if (within.isZero()) {
      return false;
    }
    LOG.info("{} is suspended and told to resume", key);
    await(strategy == null ? Strategy.BLUE : strategy, System.nanoTime() + within.toNanos());
    return true;
  }

  private void await(Strategy first, long end) {
    Strategy asked = first;
    boolean told = false;
    String state = "";
    while (!state.equals("active")) {
      if (state.equals("failed")) {
        throw new ClusterSuspendedException(key + " could not resume.", null);
      }
      if (told || !state.isEmpty()) {
        pause(end);
      }
      try {
        state = (told ? status(asked, end) : resume(asked, end)).toLowerCase(Locale.ROOT);
        told = true;
      } catch (StatusRuntimeException e) {
        ErrorClass kind = ErrorClassifier.classify(e.getStatus());
        boolean waits =
            switch (kind) {
              // The other stack is the one in use; when neither is, the cluster is not waited for.
              case WRONG_STRATEGY -> told || asked == first;
              // Nothing is behind its proxy yet.
              case SUSPENDED -> told;
              case TRANSIENT, TIMEOUT -> true;
              case SESSION_GONE, BAD_CREDENTIALS, CANCELLED, PERMANENT -> false;
            };
        if (!waits) {
          throw Failures.of((told ? "Waiting for " + key + " to resume" : "Resuming " + key), e);
        }
        if (kind == ErrorClass.WRONG_STRATEGY) {
          asked = asked.other();
        }
        // The other stack is told at once.
        state = kind == ErrorClass.WRONG_STRATEGY && !told ? "" : "resuming";
      }
    }
  }

  private String resume(Strategy strategy, long end) {
    ResumeRequest request =
        ResumeRequest.newBuilder()
            .setUser(credentials.user())
            .setPassword(credentials.password())
            .build();
    return cluster(strategy, end).resume(request).getStatus();
  }

  private String status(Strategy strategy, long end) {
    ClusterStatusRequest request =
        ClusterStatusRequest.newBuilder()
            .setUser(credentials.user())
            .setPassword(credentials.password())
            .build();
    return cluster(strategy, end).status(request).getStatus();
  }

  private ClusterServiceBlockingStub cluster(Strategy strategy, long end) {
    long call = manager.config().callTimeout().toNanos();
    long left = Math.max(1, end - System.nanoTime());
    return stubs
        .cluster(manager.route(key, strategy))
        .withDeadlineAfter(Math.min(call, left), TimeUnit.NANOSECONDS);
  }

  private void pause(long end) {
    if (System.nanoTime() - end > 0) {
      throw new ClusterSuspendedException(
          key + " did not resume within " + within.toSeconds() + " s.", null);
    }
    try {
      Thread.sleep(LOOK_EVERY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterSuspendedException("Waiting for " + key + " to resume was interrupted.", e);
    }
  }
}
