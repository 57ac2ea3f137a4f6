package dev.signalbox.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.strategy.StrategyEvent.InvalidationTrigger;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A cluster, two processes that share what is stored, some threads in each that query, and
/// mischief, each of which takes one step at a time.
final class StrategyModel {
  private static final Status WRONG = Status.UNKNOWN.withDescription("status: 456");
  private static final ClusterKey KEY = new ClusterKey("model:1", "main");

  /// A redo after each of two refusals, then it must have worked.
  private static final int MOST_REFUSALS = 2;

  private static final List<InvalidationTrigger> TRIGGERS = List.of(InvalidationTrigger.values());

  private final Random random;
  private final TestClock clock;
  private final int ahead;
  private final Supplier<StrategyStorage> opener;
  private StrategyStorage storage;
  private final Events events = new Events();
  private final List<Application> processes = new ArrayList<>();
  private final List<Worker> workers = new ArrayList<>();

  private Strategy live = Strategy.BLUE;
  private Set<Strategy> accepting = EnumSet.of(Strategy.BLUE);
  private @Nullable String announced;
  private int changes;
  private int names;
  private int ended;
  private int redone;
  private int broken;
  private int undetected;
  private boolean quiet;

  /// @param clock by which everything ages
  /// @param ahead how many seconds the clock may go ahead at once, at least 1
  /// @param opener opens what is stored, again after each restart
  StrategyModel(Random random, TestClock clock, int ahead, Supplier<StrategyStorage> opener) {
    this.random = random;
    this.clock = clock;
    this.ahead = ahead;
    this.opener = opener;
    storage = opener.get();
    for (int i = 0; i < 2; i++) {
      Application process = new Application();
      processes.add(process);
      for (int j = 0; j < 3; j++) {
        workers.add(new Worker(process));
      }
    }
  }

  /// An application. Only what is stored outlives it.
  private final class Application {
    private StrategyManager manager = start();
    private ClusterEntry entry = manager.entry(KEY);

    private StrategyManager start() {
      StrategyManager made = clock.manager(StrategyConfig.defaults(), storage, clock);
      var _ = made.observe(events);
      return made;
    }

    /// It is killed: nothing is closed.
    void restart() {
      Optional<Strategy> known = manager.peek(KEY);
      manager = start();
      entry = manager.entry(KEY);
      workers.stream().filter(worker -> worker.process == this).forEach(Worker::forget);
      assertThat(manager.peek(KEY)).isEqualTo(known);
      assertThat(manager.snapshot(KEY).openQueries()).isZero();
    }

    /// A call that carried `sent` failed.
    void failed(Strategy sent, String method, Status status) {
      new MethodWatch(manager, entry, method, WireMethod.OTHER)
          .end(manager.route(KEY, sent), 0, status);
    }
  }

  int broken() {
    return broken;
  }

  int undetected() {
    return undetected;
  }

  int ended() {
    return ended;
  }

  int redone() {
    return redone;
  }

  int applied() {
    return events.of(StrategyEvent.Applied.class).size();
  }

  void step() {
    if (random.nextInt(12) == 0) {
      mischief();
    } else {
      workers.get(random.nextInt(workers.size())).step();
    }
  }

  private void mischief() {
    changes++;
    switch (random.nextInt(11)) {
      case 0 -> {
        accepting = EnumSet.allOf(Strategy.class);
        announced = live.other().wire();
      }
      // The announcement is taken back.
      case 1 -> announced = live.wire();
      // What was announced is made live, and then no longer said.
      case 2 -> {
        if (live.other().wire().equals(announced)) {
          change();
        }
      }
      // Without a word.
      case 3 -> change();
      case 4 -> announced = "purple";
      case 5 -> announced = null;
      case 6 -> clock.advance(Duration.ofSeconds(random.nextInt(ahead)));
      case 7 ->
          any(processes).manager.invalidate(KEY, TRIGGERS.get(random.nextInt(TRIGGERS.size())));
      case 8 -> any(processes).restart();
      // The whole machine.
      case 9 -> {
        StoredStrategy before = storage.read(KEY);
        storage = opener.get();
        assertThat(storage.read(KEY)).isEqualTo(before);
        processes.forEach(Application::restart);
      }
      // Announced, although it refuses.
      case 10 -> {
        accepting = EnumSet.of(live);
        announced = live.other().wire();
      }
      default -> throw new IllegalStateException();
    }
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private boolean breaks() {
    boolean now = !quiet && random.nextInt(40) == 0;
    if (now) {
      broken++;
      changes++;
    }
    return now;
  }

  private void change() {
    live = live.other();
    accepting = EnumSet.of(live);
    announced = null;
  }

  void check() {
    StoredStrategy stored = storage.read(KEY);
    assertThat(StateValidation.of(stored, clock.millis()).corrections()).isEmpty();
    processes.forEach(process -> check(process, stored));
  }

  private void check(Application process, StoredStrategy stored) {
    StrategySnapshot snapshot = process.manager.snapshot(KEY);
    assertThat(snapshot.openQueries())
        .isEqualTo(
            (int)
                workers.stream()
                    .filter(worker -> worker.process == process && worker.handle != null)
                    .count());
    switch (snapshot.state()) {
      case StrategyState.NoStrategy _ -> assertThat(Transitions.selected(stored)).isNull();
      case StrategyState.Blue _ -> assertThat(stored.active()).isEqualTo(Strategy.BLUE);
      case StrategyState.Green _ -> assertThat(stored.active()).isEqualTo(Strategy.GREEN);
      case StrategyState.Transitioning(Strategy active, Strategy pending) -> {
        assertThat(pending).isEqualTo(active.other());
        // Never starved: the next query goes there, whatever is open.
        assertThat(process.manager.select(KEY)).contains(pending);
      }
      case StrategyState.Detecting _ -> throw new AssertionError("a detection was left behind");
      case StrategyState.Failed(String reason) -> {
        assertThat(undetected).as(reason).isPositive();
        assertThat(Transitions.selected(stored)).isNull();
      }
    }
  }

  /// No mischief any more: everybody ends, and the next query is where the cluster wants it.
  void quieten() {
    quiet = true;
    if (announced != null && Strategy.parse(announced).isPresent()) {
      accepting.add(Strategy.parse(announced).orElseThrow());
    }
    for (int i = 0; i < 200; i++) {
      workers.get(i % workers.size()).step();
      check();
    }
    workers.forEach(Worker::finish);
    check();
    Strategy wanted =
        announced == null
            ? null
            : Strategy.parse(announced).filter(accepting::contains).orElse(null);
    new Worker(any(processes)).finish();
    for (Application process : processes) {
      StrategySnapshot snapshot = process.manager.snapshot(KEY);
      assertThat(snapshot.openQueries()).isZero();
      assertThat(snapshot.pending()).isNull();
      assertThat(snapshot.active()).isIn(accepting);
      if (wanted != null) {
        assertThat(snapshot.active()).isEqualTo(wanted);
      }
    }
  }

  /// A thread with one query after the other.
  private final class Worker {
    private final Application process;
    private @Nullable Strategy sent;
    private @Nullable QueryHandle handle;
    private int fetched;
    private int refusals;
    private int changesSeen;

    Worker(Application process) {
      this.process = process;
    }

    void step() {
      QueryHandle open = handle;
      if (open != null) {
        if (breaks()) {
          process.failed(open.strategy(), "status", Status.UNAVAILABLE);
        }
        assertThat(open.strategy()).isEqualTo(sent);
        assertThat(open.route().strategy()).isEqualTo(sent);
        if (fetched++ < random.nextInt(6)) {
          hear();
        } else {
          end(open);
        }
      } else if (sent == null) {
        select();
      } else {
        prepare(sent);
      }
    }

    /// Each response may carry an announcement.
    private void hear() {
      if (announced == null) {
        return;
      }
      process.manager.announced(KEY, announced);
      StoredStrategy now = storage.read(KEY);
      Strategy to = Strategy.parse(announced).orElse(null);
      if (to != null && now.active() != null) {
        // A contrary announcement cancels, another one is pending.
        assertThat(now.pending()).isEqualTo(to == now.active() ? null : to);
      }
    }

    private void select() {
      if (refusals == 0) {
        changesSeen = changes;
      }
      StrategyManager manager = process.manager;
      try {
        sent =
            manager
                .select(KEY)
                .orElseGet(() -> manager.detect(KEY, (strategy, _) -> ask(process, strategy)));
      } catch (StrategyDetectionException e) {
        // Only when a connection broke meanwhile.
        assertThat(quiet).isFalse();
        assertThat(broken).isPositive();
        undetected++;
      }
    }

    private void prepare(Strategy carried) {
      if (breaks()) {
        process.failed(carried, "prepareStatementV2", Status.UNAVAILABLE);
        sent = null;
        return;
      }
      if (!accepting.contains(carried)) {
        process.failed(carried, "prepareStatementV2", WRONG);
        refusals++;
        redone++;
        sent = null;
        // In a cluster that stays as it is nobody is refused more often than may be redone, unless
        // it goes on announcing the stack that refuses.
        if (changesSeen == changes && !carried.wire().equals(announced)) {
          assertThat(refusals).isLessThanOrEqualTo(MOST_REFUSALS);
        }
        return;
      }
      refusals = 0;
      hear();
      fetched = 0;
      handle = process.manager.open(KEY, carried, "session", "q" + names++, "10.0.0.1");
    }

    private void end(QueryHandle open) {
      QueryEnding[] endings = {QueryEnding.CLEARED, QueryEnding.CANCELLED, QueryEnding.FAILED};
      QueryEnding how = endings[random.nextInt(endings.length)];
      if (how != QueryEnding.FAILED) {
        hear();
      }
      assertThat(process.manager.close(open, how)).isTrue();
      assertThat(process.manager.close(open, how)).isFalse();
      if (how != QueryEnding.FAILED) {
        // Within one safe point, whatever else is open.
        assertThat(storage.read(KEY).pending()).isNull();
      }
      handle = null;
      sent = null;
      ended++;
    }

    void forget() {
      handle = null;
      sent = null;
      refusals = 0;
    }

    /// Ends its query, and one more that it clears.
    void finish() {
      while (handle == null) {
        step();
      }
      hear();
      process.manager.close(handle, QueryEnding.CLEARED);
      handle = null;
      sent = null;
    }
  }

  private StrategyProbe.Answer ask(Application process, Strategy strategy) {
    if (breaks()) {
      process.failed(strategy, "authenticate", Status.UNAVAILABLE);
      return new StrategyProbe.Answer.Refused(
          new StrategyException(ErrorClass.TRANSIENT, "reset", null));
    }
    if (accepting.contains(strategy)) {
      return new StrategyProbe.Answer.Accepted(announced);
    }
    process.failed(strategy, "authenticate", WRONG);
    return new StrategyProbe.Answer.Refused(
        new StrategyException(ErrorClass.WRONG_STRATEGY, "456", null));
  }
}
