package dev.signalbox.engine.strategy.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.strategy.client.StrategyEvent.InvalidationTrigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A cluster, some threads that query it, and mischief, each of which takes one step at a time.
final class StrategyModel {
  private static final ClusterKey KEY = new ClusterKey("model:1", "main");

  /// A redo after each of two refusals, then it must have worked.
  private static final int MOST_REFUSALS = 2;

  private static final List<InvalidationTrigger> TRIGGERS = List.of(InvalidationTrigger.values());

  private final Random random;
  private final TestClock clock = new TestClock();
  private final MemoryStorage storage =
      new MemoryStorage(StrategyConfig.defaults().cacheTtl(), clock);
  private final StrategyManager manager =
      clock.manager(StrategyConfig.defaults(), storage, clock);
  private final ClusterEntry entry = manager.entry(KEY);
  private final Events events = new Events();
  private final List<Worker> workers = new ArrayList<>();

  private Strategy live = Strategy.BLUE;
  private Set<Strategy> accepting = EnumSet.of(Strategy.BLUE);
  private @Nullable String announced;
  private int changes;
  private int names;
  private int ended;
  private int redone;

  StrategyModel(Random random) {
    this.random = random;
    var _ = manager.observe(events);
    for (int i = 0; i < 5; i++) {
      workers.add(new Worker());
    }
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
    switch (random.nextInt(9)) {
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
      case 6 -> clock.advance(Duration.ofSeconds(random.nextInt(400)));
      case 7 -> manager.invalidate(KEY, TRIGGERS.get(random.nextInt(TRIGGERS.size())));
      // A restart of the application: what is stored survives, what is pinned is gone.
      case 8 -> workers.get(random.nextInt(workers.size())).dies();
      default -> throw new IllegalStateException();
    }
  }

  private void change() {
    live = live.other();
    accepting = EnumSet.of(live);
    announced = null;
  }

  void check() {
    StoredStrategy stored = storage.read(KEY);
    assertThat(StateValidation.of(stored, clock.millis()).corrections()).isEmpty();
    StrategySnapshot snapshot = manager.snapshot(KEY);
    assertThat(snapshot.openQueries())
        .isEqualTo((int) workers.stream().filter(worker -> worker.handle != null).count());
    switch (snapshot.state()) {
      case StrategyState.NoStrategy _ -> assertThat(Transitions.selected(stored)).isNull();
      case StrategyState.Blue _ -> assertThat(stored.active()).isEqualTo(Strategy.BLUE);
      case StrategyState.Green _ -> assertThat(stored.active()).isEqualTo(Strategy.GREEN);
      case StrategyState.Transitioning(Strategy active, Strategy pending) -> {
        assertThat(pending).isEqualTo(active.other());
        // Never starved: the next query goes there, whatever is open.
        assertThat(manager.select(KEY)).contains(pending);
      }
      case StrategyState.Detecting _ -> throw new AssertionError("a detection was left behind");
      case StrategyState.Failed(String reason) -> throw new AssertionError(reason);
    }
  }

  /// No mischief any more: everybody ends, and the next query is where the cluster wants it.
  void quieten() {
    if (announced != null && Strategy.parse(announced).isPresent()) {
      accepting.add(Strategy.parse(announced).orElseThrow());
    }
    for (int i = 0; i < 200; i++) {
      workers.get(i % workers.size()).step();
      check();
    }
    workers.forEach(Worker::finish);
    check();
    assertThat(manager.snapshot(KEY).openQueries()).isZero();
    Strategy wanted =
        announced == null
            ? null
            : Strategy.parse(announced).filter(accepting::contains).orElse(null);
    Worker last = new Worker();
    last.finish();
    StrategySnapshot snapshot = manager.snapshot(KEY);
    assertThat(snapshot.pending()).isNull();
    assertThat(snapshot.active()).isIn(accepting);
    if (wanted != null) {
      assertThat(snapshot.active()).isEqualTo(wanted);
    }
  }

  /// A thread with one query after the other.
  private final class Worker {
    private @Nullable Strategy sent;
    private @Nullable QueryHandle handle;
    private int fetched;
    private int refusals;
    private int changesSeen;

    void step() {
      QueryHandle open = handle;
      if (open != null) {
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
      manager.announced(KEY, announced);
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
      sent = manager.select(KEY).orElseGet(() -> manager.detect(KEY, StrategyModel.this::ask));
    }

    private void prepare(Strategy carried) {
      if (!accepting.contains(carried)) {
        manager.refused(entry, carried, "prepareStatementV2");
        refusals++;
        redone++;
        sent = null;
        // In a cluster that stays as it is nobody is refused more often than may be redone.
        if (changesSeen == changes) {
          assertThat(refusals).isLessThanOrEqualTo(MOST_REFUSALS);
        }
        return;
      }
      refusals = 0;
      hear();
      fetched = 0;
      handle = manager.open(KEY, carried, "session", "q" + names++, "10.0.0.1");
    }

    private void end(QueryHandle open) {
      QueryEnding[] endings = {QueryEnding.CLEARED, QueryEnding.CANCELLED, QueryEnding.FAILED};
      QueryEnding how = endings[random.nextInt(endings.length)];
      if (how != QueryEnding.FAILED) {
        hear();
      }
      assertThat(manager.close(open, how)).isTrue();
      assertThat(manager.close(open, how)).isFalse();
      if (how != QueryEnding.FAILED) {
        // Within one safe point, whatever else is open.
        assertThat(storage.read(KEY).pending()).isNull();
      }
      handle = null;
      sent = null;
      ended++;
    }

    void dies() {
      if (handle != null) {
        manager.close(handle, QueryEnding.ABANDONED);
      }
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
      manager.close(handle, QueryEnding.CLEARED);
      handle = null;
      sent = null;
    }
  }

  private StrategyProbe.Answer ask(Strategy strategy, Duration limit) {
    if (accepting.contains(strategy)) {
      return new StrategyProbe.Answer.Accepted(announced);
    }
    manager.refused(entry, strategy, "authenticate");
    return new StrategyProbe.Answer.Refused(
        new StrategyException(ErrorClass.WRONG_STRATEGY, "456", null));
  }
}
