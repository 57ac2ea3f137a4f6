package dev.signalbox.cli;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.PlaneView;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.StrategyView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One command's time with an engine: waits on states and prints events as they come. Used by the
/// command's thread alone; the engine's observer only wakes it.
final class EngineSession implements AutoCloseable {
  private static final int PAGE = 500;

  /// After this an operator is told what is waited for.
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration LONGEST = Duration.ofDays(10_000);
  private static final Duration FIRST_LOOK = Duration.ofSeconds(10);
  private static final Duration SECOND_LOOK = Duration.ofMillis(1500);
  private static final Duration LOOK = Duration.ofMillis(250);

  /// A lease lasts at most a minute; clocks differ a little.
  private static final Duration LONGEST_LEASE = Duration.ofSeconds(61);

  private static final Duration GRACE = Duration.ofMillis(1500);

  /// What is no work: it happens whenever somebody takes the lease, or asks for something.
  private static final Set<Kind> NO_WORK = Set.of(Kind.LEASE_TAKEN, Kind.COMMAND, Kind.GATE);

  private final Engine engine;
  private final Output output;
  private final long end;
  private final String limit;
  private final boolean resident;
  private final Object news = new Object();
  private final Engine.Subscription subscription;
  private long printed = -1;
  private boolean worked;
  private boolean cameToHold;
  private String lastNote = "";

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

  /// The text of the newest note among the events that were printed; empty when there was none.
  String lastNote() {
    return lastNote;
  }

  /// Events before this moment are history and are not printed. What this console did since it took
  /// the lease is none.
  void skipHistory() {
    printed = engine.snapshot().lastEvent();
    if (resident || !engine.snapshot().lease().mine()) {
      return;
    }
    // Numbers have gaps, so how far back it is cannot be said.
    for (long back = PAGE; back > 0; back *= 8) {
      long after = Math.max(0, printed - back);
      OptionalLong taken = newestLease(after);
      if (taken.isPresent()) {
        printed = taken.getAsLong() - 1;
        return;
      } else if (after == 0) {
        return;
      }
    }
  }

  private OptionalLong newestLease(long after) {
    OptionalLong newest = OptionalLong.empty();
    long read = after;
    List<EngineEvent> page;
    do {
      page = engine.events(read, PAGE);
      for (EngineEvent event : page) {
        read = event.sequence();
        if (event.kind() == Kind.LEASE_TAKEN) {
          newest = OptionalLong.of(read);
        }
      }
    } while (page.size() == PAGE);
    return newest;
  }

  /// Whether work of the release was seen since this console took the lease.
  boolean tookUp() {
    printEvents();
    return worked;
  }

  /// Whether the release began to hold since this console took the lease, and holds still.
  boolean cameToHold() {
    printEvents();
    ReleaseView release = snapshot().release();
    return cameToHold && release != null && release.status() instanceof ReleaseView.Status.Holding;
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
    var _ = awaitWithin(FIRST_LOOK, EngineSession::looked);
  }

  /// Waits some time more for what did not answer at the first look: a busy machine is no outage.
  void awaitAnswers() throws InterruptedException {
    var _ = awaitWithin(SECOND_LOOK, s -> silent(s).isEmpty());
  }

  /// What does not answer, by its name; empty when everything does.
  static List<String> silent(EngineSnapshot snapshot) {
    DatabaseView database = snapshot.database();
    ApplicationView application = snapshot.application();
    StrategyView strategy = snapshot.strategy();
    List<String> silent = new ArrayList<>();
    if (database != null) {
      for (Colour colour : Colour.values()) {
        DatabaseView.Server server = database.servers().get(colour);
        if (server != null && server.asked() && !server.reachable()) {
          silent.add("the database of " + colour);
        }
      }
    }
    if (application != null && asked(application) && !application.router().reachable()) {
      silent.add("the entry");
    }
    if (strategy != null && asked(strategy) && !strategy.reachable()) {
      silent.add("the query cluster");
    }
    return silent;
  }

  /// What was not asked yet, by its name; empty when everything was.
  static List<String> unasked(EngineSnapshot snapshot) {
    DatabaseView database = snapshot.database();
    StrategyView strategy = snapshot.strategy();
    List<String> unasked = new ArrayList<>();
    for (Colour colour : Colour.values()) {
      DatabaseView.Server server = database == null ? null : database.servers().get(colour);
      if (server == null || !server.asked()) {
        unasked.add("the database of " + colour);
      }
    }
    if (!asked(snapshot.application())) {
      unasked.add("the entry");
    }
    if (strategy != null && !asked(strategy)) {
      unasked.add("the query cluster");
    }
    if (!snapshot.lease().asked()) {
      unasked.add("those that give the lease");
    }
    return unasked;
  }

  private static boolean asked(@Nullable PlaneView view) {
    return view != null && view.at().isAfter(Instant.EPOCH);
  }

  /// Whether the journal was read, every plane has looked, and so has who asks for the lease.
  static boolean looked(EngineSnapshot snapshot) {
    return snapshot.journalReadAt() != null && unasked(snapshot).isEmpty();
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
        worked |= !NO_WORK.contains(event.kind());
        cameToHold |= event.kind() == Kind.HOLDING;
        if (event.kind() == Kind.NOTE) {
          lastNote = event.text();
        }
      }
    } while (page.size() == PAGE);
  }

  @Override
  public void close() {
    subscription.close();
    engine.close();
  }
}
