package dev.signalbox.engine.strategy.client.query;

import dev.signalbox.engine.strategy.client.ClusterKey;
import dev.signalbox.engine.strategy.client.ClusterSuspendedException;
import dev.signalbox.engine.strategy.client.ErrorClass;
import dev.signalbox.engine.strategy.client.ErrorClassifier;
import dev.signalbox.engine.strategy.client.Strategy;
import dev.signalbox.engine.strategy.client.StrategyManager;
import dev.signalbox.engine.strategy.client.wire.ClusterServiceGrpc.ClusterServiceBlockingStub;
import dev.signalbox.engine.strategy.client.wire.ClusterStatusRequest;
import dev.signalbox.engine.strategy.client.wire.ResumeRequest;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Locale;
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
    long end = System.nanoTime() + within.toNanos();
    Strategy first = strategy == null ? Strategy.BLUE : strategy;
    Strategy accepting = first;
    String state;
    try {
      state = resume(first);
    } catch (StatusRuntimeException e) {
      if (ErrorClassifier.classify(e.getStatus()) != ErrorClass.WRONG_STRATEGY) {
        throw Failures.of("Resuming " + key, e);
      }
      accepting = first.other();
      state = resumeOther(accepting);
    }
    await(accepting, state, end);
    return true;
  }

  private String resumeOther(Strategy strategy) {
    try {
      return resume(strategy);
    } catch (StatusRuntimeException e) {
      throw Failures.of("Resuming " + key, e);
    }
  }

  private String resume(Strategy strategy) {
    ResumeRequest request =
        ResumeRequest.newBuilder()
            .setUser(credentials.user())
            .setPassword(credentials.password())
            .build();
    return cluster(strategy).resume(request).getStatus();
  }

  private ClusterServiceBlockingStub cluster(Strategy strategy) {
    return stubs.cluster(manager.route(key, strategy));
  }

  private void await(Strategy strategy, String first, long end) {
    ClusterStatusRequest request =
        ClusterStatusRequest.newBuilder()
            .setUser(credentials.user())
            .setPassword(credentials.password())
            .build();
    String state = first;
    while (!state.toLowerCase(Locale.ROOT).equals("active")) {
      if (state.toLowerCase(Locale.ROOT).equals("failed")) {
        throw new ClusterSuspendedException(key + " could not resume.", null);
      }
      if (System.nanoTime() - end > 0) {
        throw new ClusterSuspendedException(
            key + " did not resume within " + within.toSeconds() + " s.", null);
      }
      pause();
      try {
        state = cluster(strategy).status(request).getStatus();
      } catch (StatusRuntimeException e) {
        if (ErrorClassifier.classify(e.getStatus()) != ErrorClass.SUSPENDED) {
          throw Failures.of("Waiting for " + key + " to resume", e);
        }
        // Its proxy has nothing behind it yet.
        state = "resuming";
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(LOOK_EVERY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterSuspendedException("Waiting for " + key + " to resume was interrupted.", e);
    }
  }
}
