package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One command's time with an engine: waits on states and prints events as they come. Used by the
/// command's thread alone; the engine's observer only wakes it.
final class EngineSession implements AutoCloseable {
  /// After this an operator is told what is waited for.
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration LONGEST = Duration.ofDays(10_000);
  private static final Duration FIRST_LOOK = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(250);

  /// A lease lasts at most a minute; clocks differ a little.
  private static final Duration LONGEST_LEASE = Duration.ofSeconds(61);

  private static final Duration GRACE = Duration.ofMillis(1500);

  private final Engine engine;
  private final Output output;
  private final long end;
  private final String limit;
  private final boolean resident;
  private final Object news = new Object();
  private final Engine.Subscription subscription;
  private final EventPrinter events;

  /// @param timeout after which each wait gives up, counted from now
  /// @param resident whether the engine is that of a driver that goes on when this session ends
  EngineSession(Engine engine, Output output, Duration timeout, boolean resident) {
    this.engine = engine;
    this.output = output;
    // Longer than any machine runs, and short enough to be counted in nanoseconds.
    Duration counted = timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
    this.end = System.nanoTime() + counted.toNanos();
    this.limit = DurationText.words(counted);
    this.resident = resident;
    this.events = new EventPrinter(engine, output);
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

  boolean resident() {
    return resident;
  }

  void note(String text) {
    output.note(text);
  }

  /// Events before this moment are history and are not printed. What this console did since it took
  /// the lease is none.
  void skipHistory() {
    if (resident || !engine.snapshot().lease().mine()) {
      events.skipHistory();
    } else {
      events.skipHistoryBeforeLease();
    }
  }

  /// What was printed of the events so far.
  EventPrinter events() {
    return events;
  }

  /// Waits until it is known who drives. A console that is named but does not renew its lease is
  /// waited for until that has run out.
  ///
  /// @return whether this console does; otherwise another one was seen to be alive
  boolean awaitLease() throws InterruptedException, TimeoutException {
    while (true) {
      EngineSnapshot seen = awaitDriver();
      LeaseView lease = seen.lease();
      if (lease.mine()) {
        return true;
      }
      EngineSnapshot next =
          awaitWithin(
              restOf(lease, seen.at()),
              s ->
                  s.lease().mine()
                      || s.lease().holder().isEmpty()
                      || s.lease().epoch() != lease.epoch()
                      || later(s.lease().expiresAt(), lease.expiresAt()));
      if (next == null || (!next.lease().mine() && !next.lease().holder().isEmpty())) {
        return false;
      }
    }
  }

  private EngineSnapshot awaitDriver() throws InterruptedException, TimeoutException {
    Predicate<EngineSnapshot> known = s -> s.lease().mine() || !s.lease().holder().isEmpty();
    EngineSnapshot soon = awaitWithin(PATIENCE, known);
    if (soon != null) {
      return soon;
    }
    String silence = snapshot().lease().silence();
    note(
        "Who drives is not known yet"
            + (silence.isEmpty() ? "" : ": " + silence)
            + ". Waiting for up to "
            + limit
            + " (--timeout).");
    return await(known);
  }

  private static Duration restOf(LeaseView lease, Instant now) {
    Instant expires = lease.expiresAt();
    if (expires == null || !expires.isAfter(now)) {
      return GRACE;
    }
    Duration rest = Duration.between(now, expires);
    return (rest.compareTo(LONGEST_LEASE) > 0 ? LONGEST_LEASE : rest).plus(GRACE);
  }

  private static boolean later(@Nullable Instant now, @Nullable Instant before) {
    return now != null && (before == null || now.isAfter(before));
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
    events.print();
    return outcome.resultNow();
  }

  /// Waits until a state is as wished, printing events meanwhile.
  ///
  /// @throws TimeoutException when the time of the session is over
  EngineSnapshot await(Predicate<EngineSnapshot> wish)
      throws InterruptedException, TimeoutException {
    EngineSnapshot wished = awaitUntil(end, wish);
    if (wished == null) {
      throw new TimeoutException(resident ? BaseCommand.STILL_DRIVEN : null);
    }
    return wished;
  }

  /// Waits as well, but goes on after `limit` whatever the state is.
  ///
  /// @return null when the state did not come
  @Nullable EngineSnapshot awaitWithin(Duration limit, Predicate<EngineSnapshot> wish)
      throws InterruptedException {
    long until = System.nanoTime() + limit.toNanos();
    return awaitUntil(until - end < 0 ? until : end, wish);
  }

  /// Waits until nothing of the release is under way on this console, and nothing of it waits for
  /// this console; says so when that takes a while.
  ///
  /// @return whether it had to wait
  boolean awaitSettled() throws InterruptedException, TimeoutException {
    if (settled(snapshot())) {
      return false;
    }
    var release = snapshot().release();
    if (release != null) {
      note(Standing.text(release) + " This command stays until that has settled.");
    }
    await(EngineSession::settled);
    return true;
  }

  /// Another console that drives has taken the work with it.
  private static boolean settled(EngineSnapshot s) {
    return Standing.settled(s.release()) || elsewhere(s);
  }

  static boolean elsewhere(EngineSnapshot s) {
    return !s.lease().mine() && !s.lease().holder().isEmpty();
  }

  /// Waits until the engine has looked at everything once: before that it knows nothing.
  void awaitFirstLook() throws InterruptedException {
    var _ = awaitWithin(FIRST_LOOK, Reachability::looked);
  }

  /// Waits so much more for what did not answer at the first look.
  void awaitAnswers(Duration limit) throws InterruptedException {
    var _ = awaitWithin(limit, s -> Reachability.silent(s).isEmpty());
  }

  private @Nullable EngineSnapshot awaitUntil(long until, Predicate<EngineSnapshot> wish)
      throws InterruptedException {
    while (true) {
      EngineSnapshot snapshot = engine.snapshot();
      events.print();
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

  @Override
  public void close() {
    subscription.close();
    engine.close();
  }
}
