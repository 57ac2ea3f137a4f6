package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.journal.SimClient;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.conductor.SimNet.Node;
import dev.signalbox.engine.release.conductor.SimNet.State;
import dev.signalbox.engine.release.model.Doing;
import dev.signalbox.engine.release.model.ReleaseState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One run of a seed: two consoles with the real conductor, levers and recovery over a simulated
/// world. First everything goes wrong that may, while both are given commands; then nothing does
/// any more, and what is left must be whole.
final class SimRun implements AutoCloseable {
  private static final Duration TROUBLE = Duration.ofSeconds(30);

  /// Longer than a fence outlives its console.
  private static final Duration QUIET = Duration.ofSeconds(6);

  private static final Duration UPKEEP = Duration.ofMillis(500);

  private final SimScheduler scheduler;
  private final SimFaults faults;
  private final SimNet net = new SimNet();
  private final SimStore store;
  private final SimWorld world;
  private final SimTrace trace;
  private final SimMutant mutant;
  private final boolean audited;

  /// How likely it is that something is away when an operator does something.
  private final double outages;

  private final List<Console> consoles = new ArrayList<>();
  private final List<String> told = new ArrayList<>();

  /// @param left numbers of faults and commands that are left out
  SimRun(
      long seed,
      SimFaults.Coverage coverage,
      Set<Integer> left,
      SimMutant mutant,
      CutoverModel model) {
    this.scheduler = new SimScheduler(seed);
    this.audited = seed % 50 == 0;
    this.faults = new SimFaults(scheduler.random, coverage, left, mutant.often());
    this.outages = new double[] {0, 0, 0.05, 0.15}[scheduler.random.nextInt(4)];
    this.trace = new SimTrace(model);
    this.store = new SimStore(scheduler, faults, net, trace);
    this.world = new SimWorld(scheduler, store, net);
    this.mutant = mutant;
    consoles.add(new Console(0));
    consoles.add(new Console(1));
    look();
  }

  /// What struck, by number.
  java.util.SortedMap<Integer, String> struck() {
    return faults.struck();
  }

  List<EngineEvent> journal() {
    return store.entries();
  }

  /// What was asked and answered, for a person.
  List<String> told() {
    return told;
  }

  @Override
  public String toString() {
    return world.toString();
  }

  @Override
  public void close() {
    scheduler.close();
  }

  private void look() {
    consoles.forEach(c -> c.planes.forEach(SimPlane::look));
    scheduler.later(Duration.ofSeconds(1), this::look);
  }

  // ---- a console ------------------------------------------------------------------------------

  private final class Console {
    private final int seat;
    private boolean alive = true;
    private final List<SimPlane> planes;
    private final Recorder recorder;
    private final SimStore.Seat store;
    private final Conductor conductor;
    private final Upkeep upkeep;
    private Instant deadUntil = Instant.MIN;

    Console(int seat) {
      this.seat = seat;
      SimConsole self =
          new SimConsole(
              seat,
              scheduler,
              faults,
              net,
              world,
              trace,
              mutant.settled(),
              mutant::step,
              this::die);
      this.planes = List.of(new SimDatabasePlane(self), new SimRouterPlane(self));
      this.store = SimRun.this.store.new Seat(seat, this::die, mutant.flaw());
      Journal journal = mutant.journal(store);
      this.recorder =
          new Recorder(
              journal,
              "console " + seat,
              () -> {},
              Integer.MAX_VALUE,
              this::after,
              scheduler::nanoTime);
      Execution execution =
          mutant.execution(new SimExecution(scheduler, () -> alive, trace), this::epoch);
      this.conductor =
          new Conductor(
              ConductorTest.ENVIRONMENT,
              new Planes(planes.stream().map(p -> mutant.plane(p, this.recorder::state)).toList()),
              recorder,
              store,
              execution,
              text -> {},
              mutant::levers) {
            @Override
            boolean tick() {
              return mutant.ticks() && super.tick();
            }
          };
      this.upkeep = new Upkeep(store, journal, recorder, conductor, execution, true);
      var _ = scheduler.spawn("upkeep " + seat, () -> alive, this::keepUp);
    }

    private ReleaseState after(ReleaseState state, EngineEvent event) {
      boolean saysProven =
          !(event.payload() instanceof EventPayload.MoveDone done) || done.proven();
      if (event.epoch() == conductor.epoch() && saysProven) {
        switch (state.work()) {
          case Doing.Work.Moving moving when event.kind() == EngineEvent.Kind.MOVE_DONE ->
              world.proven(moving.move().to(), event.at());
          case Doing.Work.Proving proving when event.kind() == EngineEvent.Kind.MOVE_PROVEN ->
              world.proven(proving.move().to(), event.at());
          default -> {
            // Says nothing of health.
          }
        }
      }
      return mutant.after(state, event);
    }

    private long epoch() {
      return conductor.epoch();
    }

    private void die() {
      if (alive) {
        told.add(scheduler.now() + " console " + seat + " dies");
        alive = false;
        deadUntil = scheduler.now().plusMillis(scheduler.random.nextInt(6000));
        world.consoleDied(seat);
      }
    }

    /// What the engine's thread does.
    private void keepUp() {
      while (true) {
        scheduler.rest(UPKEEP.plus(store.owed()));
        try {
          upkeep.round();
        } catch (RuntimeException e) {
          told.add(scheduler.now() + " upkeep of console " + seat + ": " + e);
        }
      }
    }

    boolean drives() {
      return alive && conductor.epoch() != 0 && conductor.epoch() == SimRun.this.store.epoch();
    }
  }

  // ---- trouble --------------------------------------------------------------------------------

  /// @throws AssertionError when an invariant does not hold
  void run() {
    operate();
    scheduler.run(TROUBLE);
    faults.calm();
    net.heal();
    for (Colour colour : Colour.values()) {
      world.sick(colour, false);
    }
    settle("after the trouble");
    leadToAnEnd();
    // The chain is slow to check.
    String misfit = audited && mutant.flaw() == SimClient.Flaw.NONE ? store.audit() : null;
    if (misfit != null) {
      throw new AssertionError("the audit says: " + misfit);
    }
  }

  /// Runs, and does not mind how it ends.
  void tried() {
    try {
      run();
    } catch (AssertionError e) {
      told.add("failed: " + e.getMessage());
    }
  }

  /// Somebody at either desk does something now and then.
  private void operate() {
    scheduler.later(
        Duration.ofMillis(scheduler.random.nextInt(1000)),
        () -> {
          revive(false);
          checkLevers();
          if (scheduler.random.nextDouble() < outages) {
            outage();
          }
          int what = scheduler.random.nextInt(100);
          Console console = consoles.get(scheduler.random.nextInt(2));
          int twice = scheduler.random.nextInt(8) == 0 ? 2 : 1;
          if (what < 4) {
            if (faults.also("console " + console.seat + " is killed")) {
              console.die();
            }
          } else if (what < 8) {
            Colour colour = scheduler.random.nextBoolean() ? Colour.BLUE : Colour.GREEN;
            boolean sick = scheduler.random.nextBoolean();
            if (faults.also(colour + (sick ? " gets sick" : " gets well"))) {
              world.sick(colour, sick);
            }
          } else {
            Command command = command(console, what);
            for (int i = 0; i < twice; i++) {
              if (faults.also("console " + console.seat + ": " + command)) {
                submit(console, command);
              }
            }
          }
          operate();
        });
  }

  /// A database, the entry, or the line of a console to one of them is away for a while.
  private void outage() {
    Node node = List.of(Node.BLUE, Node.GREEN, Node.ENTRY).get(scheduler.random.nextInt(3));
    State state = scheduler.random.nextBoolean() ? State.AWAY : State.HANGS;
    int whose = scheduler.random.nextInt(3);
    Duration length = Duration.ofMillis(500 + scheduler.random.nextInt(9500));
    if (!faults.also(
        node + " is " + state + (whose == 2 ? "" : " for console " + whose) + " for " + length)) {
      return;
    }
    if (whose < 2) {
      net.line(whose, node, state);
      scheduler.later(length, () -> net.line(whose, node, State.UP));
      return;
    }
    net.node(node, state);
    if (node != Node.ENTRY && state == State.AWAY) {
      world.dies(node == Node.BLUE ? Colour.BLUE : Colour.GREEN);
    }
    scheduler.later(length, () -> net.node(node, State.UP));
  }

  /// A switch to the target can be stopped whenever it is under way, and a release is given up only
  /// when every plane sees its origin live.
  private void checkLevers() {
    for (Console console : consoles) {
      if (console.drives()
          && console.recorder.state().work() instanceof Doing.Work.Moving moving
          && moving.move().to() == console.recorder.state().target()
          && console.conductor.lever(LeverId.ROLL_BACK) instanceof Lever.Locked locked) {
        world.violated("the switch cannot be stopped: " + locked.locked());
      }
      Colour origin = console.recorder.state().origin();
      if (console.conductor.lever(LeverId.GIVE_UP) instanceof Lever.Free
          && console.planes.stream().anyMatch(p -> p.live() != origin)) {
        world.violated("the release may be given up, and " + origin + " is not seen live");
      }
    }
  }

  private static Command command(Console console, int what) {
    if (what < 30) {
      return new Command.StartRelease("v");
    } else if (what < 55) {
      return new Command.CutOver();
    } else if (what < 72) {
      return new Command.RollBack(console.conductor.lever(LeverId.ROLL_BACK).words());
    } else if (what < 82) {
      return new Command.Resume();
    } else if (what < 90) {
      return new Command.GiveUp(console.conductor.lever(LeverId.GIVE_UP).words());
    } else if (what < 96) {
      return new Command.CleanUp(console.conductor.lever(LeverId.CLEAN_UP).words());
    }
    return new Command.TakeOver("memory");
  }

  private void submit(Console console, Command command) {
    if (!console.alive) {
      return;
    }
    told.add(scheduler.now() + " console " + console.seat + " is asked: " + command);
    if (command instanceof Command.RollBack(String words) && !words.isEmpty()) {
      world.lossTyped();
    }
    var _ =
        console
            .conductor
            .submit(command)
            .thenAccept(outcome ->
                told.add(scheduler.now() + " console " + console.seat + " answers: " + outcome));
  }

  private void revive(boolean atOnce) {
    for (int seat = 0; seat < consoles.size(); seat++) {
      Console console = consoles.get(seat);
      if (!console.alive && (atOnce || scheduler.now().isAfter(console.deadUntil))) {
        told.add(scheduler.now() + " console " + seat + " starts");
        consoles.set(seat, new Console(seat));
      }
    }
  }

  // ---- what must hold -------------------------------------------------------------------------

  private boolean atRest() {
    return consoles.stream().allMatch(c -> c.alive && c.recorder.readAt() != null)
        && consoles.stream()
            .anyMatch(c -> c.drives() && !c.conductor.busy() && !c.conductor.unattended());
  }

  private void settle(String when) {
    revive(true);
    for (int i = 0; i == 0 || (i < 10 && (scheduler.acting() || !atRest())); i++) {
      scheduler.run(QUIET);
    }
    // Whoever looks on reads how it ended.
    scheduler.run(Duration.ofSeconds(2));
    String violation = world.violation();
    if (violation != null) {
      throw new AssertionError(violation);
    }
    String objection = trace.objection();
    if (objection != null) {
      throw new AssertionError("the model of the cutover does not allow this: " + objection);
    }
    Console driver = driver(when);
    ReleaseState state = driver.recorder.state();
    sameJournal(when, state);
    if (driver.conductor.busy()) {
      throw new AssertionError(when + ": something still goes on: " + state.doing());
    }
    if (driver.conductor.unattended()) {
      throw new AssertionError(when + ": nobody is at " + state.doing());
    }
    if (!(state.work() instanceof Doing.Work.Moving) && state.doing().hold().isEmpty()) {
      whole(when, state);
    }
  }

  /// Both databases and both consoles agree.
  private void sameJournal(String when, ReleaseState state) {
    if (mutant.flaw() == SimClient.Flaw.NONE) {
      String misfit = store.misfit();
      if (misfit != null) {
        throw new AssertionError(when + ": " + misfit);
      }
    }
    long last = driver(when).recorder.lastEvent();
    for (Console console : consoles) {
      // Beyond it may be what its writer was told to have failed, until he writes again.
      if (console.recorder.lastEvent() <= last && !console.recorder.state().equals(state)) {
        throw new AssertionError(
            when + ": one console knows " + state + ", the other " + console.recorder.state());
      }
    }
    if (state.intended().stream()
        .anyMatch(s -> s.startsWith("application.") || SimMoveSteps.VERBS.contains(s))) {
      throw new AssertionError(when + ": steps of a move are of the set-up: " + state.intended());
    }
  }

  private void whole(String when, ReleaseState state) {
    Colour live = liveOf(state);
    if (!world.writable().equals(EnumSet.of(live)) || world.route() != live || world.holding()) {
      throw new AssertionError(
          when + ": the journal says that " + live + " is live, but: " + world);
    }
    if (!world.missing(live).isEmpty()) {
      throw new AssertionError(
          when + ": " + world.missing(live).size() + " acknowledged writes are lost on " + live);
    }
  }

  private static Colour liveOf(ReleaseState state) {
    return state.number() == 0 ? Colour.BLUE : state.live();
  }

  private Console driver(String when) {
    return consoles.stream()
        .filter(Console::drives)
        .findFirst()
        .orElseThrow(() -> new AssertionError(when + ": nobody drives"));
  }

  /// From every quiet state some lever leads to an end.
  private void leadToAnEnd() {
    List<String> pulled = new ArrayList<>();
    for (int pull = 0; pull < 10; pull++) {
      Console driver = driver("at the end");
      if (!driver.recorder.state().active()) {
        whole("at the end", driver.recorder.state());
        return;
      }
      Command next = next(driver, pull);
      if (next == null) {
        throw new AssertionError(
            "no lever leads out of " + driver.recorder.state().doing() + ": " + world);
      }
      pulled.add(next.toString());
      submit(driver, next);
      settle("after " + pulled);
    }
    throw new AssertionError("no end after " + pulled + " from " + world);
  }

  private static @Nullable Command next(Console driver, int pull) {
    var levers = driver.conductor.levers();
    if (levers.get(LeverId.RESUME) instanceof Lever.Free && pull < 4) {
      return new Command.Resume();
    } else if (levers.get(LeverId.CLEAN_UP) instanceof Lever.Free lever) {
      return new Command.CleanUp(lever.words());
    } else if (levers.get(LeverId.GIVE_UP) instanceof Lever.Free lever) {
      return new Command.GiveUp(lever.words());
    } else if (levers.get(LeverId.ROLL_BACK) instanceof Lever.Free) {
      return new Command.RollBack(Objects.requireNonNull(levers.get(LeverId.ROLL_BACK)).words());
    }
    return null;
  }
}
