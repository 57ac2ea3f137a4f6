package dev.signalbox.cli;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.StrategyView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One command's time with an engine: waits on states and prints events as they come. Used by the
/// command's thread alone; the engine's observer only wakes it.
final class Session implements AutoCloseable {
  private static final int PAGE = 500;
  private static final Duration FIRST_LOOK = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(250);

  private final Engine engine;
  private final Output output;
  private final long end;
  private final Object news = new Object();
  private final Engine.Subscription subscription;
  private long printed = -1;

  /// @param timeout after which each wait gives up, counted from now
  Session(Engine engine, Output output, Duration timeout) {
    this.engine = engine;
    this.output = output;
    this.end = System.nanoTime() + timeout.toNanos();
    this.subscription =
        engine.observe(snapshot -> {
          synchronized (news) {
            news.notifyAll();
          }
        });
  }

  EngineSnapshot snapshot() {
    return engine.snapshot();
  }

  /// Events before this moment are history and are not printed.
  void skipHistory() {
    printed = engine.snapshot().lastEvent();
  }

  /// Waits until the engine knows who drives: before that it would refuse everything.
  boolean awaitLease() throws InterruptedException, TimeoutException {
    return await(s -> s.lease().mine() || !s.lease().holder().isEmpty()).lease().mine();
  }

  /// Submits a command and prints events until it is over.
  Outcome submit(Command command) throws InterruptedException, TimeoutException {
    CompletableFuture<Outcome> outcome = engine.submit(command).toCompletableFuture();
    var _ =
        outcome.whenComplete((done, failure) -> {
          synchronized (news) {
            news.notifyAll();
          }
        });
    await(s -> outcome.isDone());
    printEvents();
    return outcome.resultNow();
  }

  /// Waits until a state is as wished, printing events meanwhile.
  ///
  /// @throws TimeoutException when the time of the session is over
  EngineSnapshot await(Predicate<EngineSnapshot> wish)
      throws InterruptedException, TimeoutException {
    EngineSnapshot wished = awaitUntil(end, wish);
    if (wished == null) {
      throw new TimeoutException();
    }
    return wished;
  }

  /// Waits as well, but goes on after `limit` whatever the state is.
  void awaitWithin(Duration limit, Predicate<EngineSnapshot> wish) throws InterruptedException {
    long until = System.nanoTime() + limit.toNanos();
    awaitUntil(until - end < 0 ? until : end, wish);
  }

  /// Waits until the engine has looked at everything once: before that it knows nothing.
  void awaitFirstLook() throws InterruptedException {
    awaitWithin(FIRST_LOOK, Session::looked);
  }

  static boolean looked(EngineSnapshot snapshot) {
    DatabaseView database = snapshot.database();
    ApplicationView application = snapshot.application();
    StrategyView strategy = snapshot.strategy();
    return database != null
        && database.servers().values().stream().allMatch(DatabaseView.Server::asked)
        && application != null
        && application.at().isAfter(Instant.EPOCH)
        && (strategy == null || strategy.at().isAfter(Instant.EPOCH));
  }

  private @Nullable EngineSnapshot awaitUntil(long until, Predicate<EngineSnapshot> wish)
      throws InterruptedException {
    while (true) {
      EngineSnapshot snapshot = engine.snapshot();
      printEvents();
      if (wish.test(snapshot)) {
        return snapshot;
      }
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return null;
      }
      synchronized (news) {
        // The look in between covers news that came since the snapshot was read.
        news.wait(Math.min(left, LOOK.toMillis()));
      }
    }
  }

  private void printEvents() {
    if (printed < 0) {
      return;
    }
    List<EngineEvent> page;
    do {
      page = engine.events(printed, PAGE);
      for (EngineEvent event : page) {
        output.event(event);
        printed = event.sequence();
      }
    } while (page.size() == PAGE);
  }

  @Override
  public void close() {
    subscription.close();
    engine.close();
  }
}
