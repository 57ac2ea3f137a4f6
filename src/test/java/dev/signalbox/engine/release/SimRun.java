package dev.signalbox.engine.release;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
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
  private static final Duration QUIET = Duration.ofSeconds(45);
  private static final Duration UPKEEP = Duration.ofMillis(500);

  private final SimScheduler scheduler;
  private final SimFaults faults;
  private final SimStore store;
  private final SimWorld world;
  private final SimMutant mutant;
  private final List<Console> consoles = new ArrayList<>();
  private final List<String> told = new ArrayList<>();

  SimRun(long seed, SimFaults.Coverage coverage, Set<Integer> left, SimMutant mutant) {
    this.scheduler = new SimScheduler(seed);
    this.faults = new SimFaults(scheduler.random, coverage, left);
    this.store = new SimStore(scheduler, faults);
    this.world = new SimWorld(scheduler, store);
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
    private Instant deadUntil = Instant.MIN;

    Console(int seat) {
      this.seat = seat;
      this.planes = List.of(plane(SimPlane.Part.DATABASE), plane(SimPlane.Part.APPLICATION));
      this.store = SimRun.this.store.new Seat(seat, this::die);
      this.recorder = new Recorder(mutant.journal().apply(store), "console " + seat, () -> {});
      this.conductor =
          new Conductor(
              ConductorTest.ENVIRONMENT,
              new Planes(List.copyOf(planes)),
              recorder,
              store,
              mutant.execution().apply(new SimExecution(scheduler, () -> alive)),
              text -> {});
      var _ = scheduler.spawn("upkeep " + seat, () -> alive, this::upkeep);
    }

    private SimPlane plane(SimPlane.Part part) {
      return new SimPlane(part, world, faults, scheduler, seat, this::die, mutant.step());
    }

    private void die() {
      if (alive) {
        told.add(scheduler.now() + " console " + seat + " dies");
        alive = false;
        deadUntil = scheduler.now().plusMillis(scheduler.random.nextInt(6000));
        world.consoleDied(seat);
      }
    }

    /// As the engine does.
    private void upkeep() {
      while (true) {
        try {
          scheduler.sleep(UPKEEP);
          look();
        } catch (InterruptedException e) {
          throw new AssertionError("nobody interrupts the upkeep", e);
        } catch (DeposedException | IllegalStateException | Journal.JournalException e) {
          told.add(scheduler.now() + " upkeep of console " + seat + ": " + e.getMessage());
        } catch (Lease.HeldException e) {
          told.add(scheduler.now() + " console " + seat + " does not get the lease");
        }
      }
    }

    private void look() {
      long epoch = conductor.epoch();
      if (epoch != 0) {
        try {
          store.renew(epoch);
        } catch (DeposedException e) {
          if (conductor.epoch() == epoch) {
            conductor.lost(epoch, "Another console has taken the lease.");
          }
        } catch (IllegalStateException e) {
          told.add(scheduler.now() + " console " + seat + " cannot renew the lease");
        }
        if (mutant.ticks()) {
          conductor.tick();
        }
        return;
      }
      var seen = store.look();
      conductor.elsewhere("Somebody else drives.");
      recorder.follow();
      if (seen.holder().isEmpty()) {
        conductor.drives(store.acquire(false), "");
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
    for (Colour colour : Colour.values()) {
      world.sick(colour, false);
    }
    settle("after the trouble");
    leadToAnEnd();
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
      return new Command.GiveUp("memory");
    } else if (what < 96) {
      return new Command.CleanUp("memory");
    }
    return new Command.TakeOver("memory");
  }

  private void submit(Console console, Command command) {
    if (!console.alive) {
      return;
    }
    told.add(scheduler.now() + " console " + console.seat + " is asked: " + command);
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

  private void settle(String when) {
    revive(true);
    scheduler.run(QUIET);
    String violation = world.violation();
    if (violation != null) {
      throw new AssertionError(violation);
    }
    Console driver = driver(when);
    ReleaseState state = driver.recorder.state();
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
    } else if (levers.get(LeverId.CLEAN_UP) instanceof Lever.Free) {
      return new Command.CleanUp("memory");
    } else if (levers.get(LeverId.GIVE_UP) instanceof Lever.Free) {
      return new Command.GiveUp("memory");
    } else if (levers.get(LeverId.ROLL_BACK) instanceof Lever.Free) {
      return new Command.RollBack(Objects.requireNonNull(levers.get(LeverId.ROLL_BACK)).words());
    }
    return null;
  }
}
