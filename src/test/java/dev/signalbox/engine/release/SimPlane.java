package dev.signalbox.engine.release;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.PlaneView;
import dev.signalbox.engine.release.SimFaults.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A plane of the simulated world, as one console sees it: databases or router. It knows what it
/// saw when it last looked.
final class SimPlane implements Plane {
  enum Part {
    DATABASE,
    APPLICATION
  }

  private final Part part;
  private final SimWorld world;
  private final SimFaults faults;
  private final SimScheduler scheduler;
  private final int console;
  private final Runnable die;
  private final UnaryOperator<Step> change;
  private @Nullable Colour live;

  /// @param die ends the console
  /// @param change what a mutant makes of each step
  SimPlane(
      Part part,
      SimWorld world,
      SimFaults faults,
      SimScheduler scheduler,
      int console,
      Runnable die,
      UnaryOperator<Step> change) {
    this.part = part;
    this.world = world;
    this.faults = faults;
    this.scheduler = scheduler;
    this.console = console;
    this.die = die;
    this.change = change;
    look();
  }

  void look() {
    live =
        switch (part) {
          case DATABASE -> world.openSide();
          case APPLICATION -> world.route();
        };
  }

  @Override
  public String id() {
    return part == Part.DATABASE ? "database" : "application";
  }

  @Override
  public void start() {}

  @Override
  public PlaneView view() {
    return new ApplicationView(
        Instant.EPOCH,
        Map.of(),
        new ApplicationView.Router("simulated", true, null, null, false, 0, Map.of()));
  }

  @Override
  public @Nullable Colour live() {
    return live;
  }

  @Override
  public List<GateView> gates(Move move) {
    boolean open =
        part == Part.APPLICATION
            ? !world.sick(move.to())
            : world.replicates(move.from()) && world.replicates(move.to());
    return List.of(
        new GateView(
            id() + ".gate",
            "Gate",
            open ? GateView.State.OPEN : GateView.State.CLOSED,
            "as simulated"));
  }

  @Override
  public Risk risk(Move move) {
    if (part == Part.APPLICATION) {
      return new Risk(true, 0, "");
    }
    return world.replicates(move.from())
        ? new Risk(true, 0, "Nothing would be lost.")
        : new Risk(false, 0, "Nothing is replicated from " + move.from() + ".");
  }

  @Override
  public void refresh() {
    if (scheduler.inTask()) {
      scheduler.pause();
    }
    look();
  }

  @Override
  public @Nullable String alarm(Colour colour) {
    return part == Part.APPLICATION && world.sick(colour)
        ? colour + " fails its health checks."
        : null;
  }

  @Override
  public void close() {}

  // ---- steps ----------------------------------------------------------------------------------

  @Override
  public List<Step> steps(Phase phase, Move move, ReleaseInfo release) {
    List<Step> steps =
        part == Part.DATABASE ? databaseSteps(phase, move, release) : applicationSteps(phase, move);
    return steps.stream().map(change).toList();
  }

  private List<Step> databaseSteps(Phase phase, Move move, ReleaseInfo release) {
    Colour target = release.target();
    String forth = "replication from " + release.origin().id();
    String back = "replication from " + target.id();
    return switch (phase) {
      case INITIALIZE ->
          List.of(
              work(
                  "initialize",
                  () -> world.built().contains("schema"),
                  () -> world.build("schema"),
                  () -> world.remove("schema")));
      case PREPARE ->
          List.of(
              work(
                  "carry",
                  () -> world.built().contains("tables"),
                  () -> {
                    refuseWhenOpen(target);
                    world.drop(target);
                    world.build("tables");
                  },
                  () -> {
                    refuseWhenOpen(target);
                    world.drop(target);
                    world.remove("tables");
                  }));
      case REPLICATE ->
          List.of(
              work(
                  "copy",
                  () -> world.built().contains(forth),
                  () -> {
                    refuseWhenOpen(target);
                    if (!world.built().contains(forth)) {
                      world.copy(release.origin());
                    }
                  },
                  () -> world.remove(forth)));
      case SYNCHRONIZE ->
          List.of(
              work(
                  "arm",
                  () -> world.built().contains(back),
                  () -> world.arm(target),
                  () -> world.remove(back)));
      case CUT_OVER -> moveSteps(move);
      case WATCH -> List.of();
      case CLEAN_UP ->
          List.of(
              work(
                  "remove",
                  () -> world.built().isEmpty(),
                  () -> List.copyOf(world.built()).forEach(world::remove),
                  () -> {}));
    };
  }

  private void refuseWhenOpen(Colour colour) {
    if (!world.closed(colour)) {
      throw new IllegalStateException(colour + " takes writes; its tables are not touched");
    }
  }

  private Step work(String verb, BooleanSupplier done, Runnable run, Runnable undo) {
    return new SimStep(
        "database." + verb,
        Stage.WORK,
        c -> done.getAsBoolean(),
        c -> world.change(c.epoch(), run),
        c -> world.change(c.epoch(), undo));
  }

  private List<Step> moveSteps(Move move) {
    List<Step> steps = new ArrayList<>();
    steps.add(
        new SimStep(
            "database.announce",
            Stage.ANNOUNCE,
            c -> false,
            c -> {
              if (!world.replicates(move.from()) || !world.replicates(move.to())) {
                throw new IllegalStateException("the way is not armed in both directions");
              }
            },
            c -> {}));
    steps.add(
        new SimStep(
            "database.fence",
            Stage.FENCE,
            c -> world.fencedBy(console, c.epoch(), move.from()) || world.closed(move.from()),
            c ->
                world.change(
                    c.epoch(),
                    () -> {
                      if (!world.closed(move.from())) {
                        world.fence(new SimWorld.Fence(move.from(), console, c.epoch()));
                      }
                    }),
            c -> reopen(move, c)));
    steps.add(
        new SimStep(
            "database.catch-up",
            Stage.CATCH_UP,
            c -> switched(move),
            c ->
                world.change(
                    c.epoch(),
                    () -> {
                      if (!held(move, c)) {
                        throw new IllegalStateException("the fence is lost");
                      }
                      world.catchUp(move.from());
                    }),
            c -> {}));
    steps.add(
        new SimStep(
            "database.switch",
            Stage.COMMIT,
            c -> switched(move),
            c -> {
              if (switched(move)) {
                return;
              }
              world.change(
                  c.epoch(),
                  () -> {
                    if (!held(move, c)) {
                      throw new IllegalStateException("the fence is lost");
                    }
                    world.close(move.from());
                    world.endFence();
                  });
              interlude("between the two commits");
              world.change(c.epoch(), () -> world.open(move.to()));
            },
            c -> reopen(move, c)));
    steps.add(
        new SimStep(
            "database.verify",
            Stage.VERIFY,
            c -> false,
            c -> {
              if (!switched(move)) {
                throw new IllegalStateException("not exactly " + move.to() + " is open");
              }
            },
            c -> {}));
    return steps;
  }

  private boolean held(Move move, StepContext c) {
    return world.closed(move.from()) || world.fencedBy(console, c.epoch(), move.from());
  }

  private boolean switched(Move move) {
    return world.closed(move.from()) && !world.closed(move.to());
  }

  /// Ends with the old side open and the new one closed, whatever was done of the move.
  private void reopen(Move move, StepContext c) {
    if (switched(move) && c.epoch() == world.epoch()) {
      world.violated("a commit that is done is undone");
    }
    world.change(
        c.epoch(),
        () -> {
          world.endFence();
          if (!world.closed(move.from())) {
            world.close(move.to());
          }
        });
    if (!world.closed(move.from())) {
      return;
    }
    if (!world.closed(move.to())) {
      world.change(c.epoch(), () -> world.close(move.to()));
      interlude("between closing and opening");
      world.catchUp(move.to());
    }
    world.change(c.epoch(), () -> world.open(move.from()));
  }

  private void interlude(String place) {
    if (scheduler.inTask()) {
      if (faults.at(place, Fault.DIES_BEFORE) != null) {
        die.run();
        scheduler.current().dieIfDead();
      }
      scheduler.pause();
    }
  }

  private List<Step> applicationSteps(Phase phase, Move move) {
    if (phase != Phase.CUT_OVER) {
      return List.of();
    }
    return List.of(
        new SimStep(
            "application.hold",
            Stage.HOLD,
            c -> world.holding() || world.route() == move.to(),
            c -> world.command(c.epoch(), world::hold),
            c -> world.command(c.epoch(), world::release)),
        new SimStep(
            "application.route",
            Stage.ROUTE,
            c -> world.route() == move.to() && !world.holding(),
            c ->
                world.command(
                    c.epoch(),
                    () -> {
                      world.route(move.to());
                      world.release();
                    }),
            c ->
                world.command(
                    c.epoch(),
                    () -> {
                      if (world.route() == move.to()) {
                        world.hold();
                      }
                      world.route(move.from());
                    })),
        new SimStep(
            "application.verify",
            Stage.VERIFY,
            c -> false,
            c -> {
              if (world.route() != move.to()) {
                throw new IllegalStateException("traffic does not arrive on " + move.to());
              }
            },
            c -> {}));
  }

  private interface Act {
    void on(StepContext context);
  }

  private interface See {
    boolean on(StepContext context);
  }

  /// A step that may fail, hang, act late, lose its answer or be its console's last one.
  private final class SimStep implements Step {
    private final String id;
    private final Stage stage;
    private final See done;
    private final Act run;
    private final Act undo;

    SimStep(String id, Stage stage, See done, Act run, Act undo) {
      this.id = id;
      this.stage = stage;
      this.done = done;
      this.run = run;
      this.undo = undo;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public String title() {
      return id;
    }

    @Override
    public Stage stage() {
      return stage;
    }

    @Override
    public Duration timeout() {
      return Duration.ofSeconds(2);
    }

    @Override
    public Reality observe(StepContext context) {
      Fault fault = faults.at("look at " + id, Fault.FAILS, Fault.HANGS);
      if (fault == Fault.FAILS) {
        throw new IllegalStateException("cannot be seen");
      } else if (fault == Fault.HANGS) {
        throw new SimExecution.Hang(null);
      }
      return done.on(context) ? Reality.DONE : Reality.NOT_DONE;
    }

    @Override
    public String run(StepContext context) {
      act("run " + id, run, context);
      return id + " done";
    }

    @Override
    public void undo(StepContext context) {
      act("undo " + id, undo, context);
    }

    private void act(String place, Act act, StepContext context) {
      Fault fault =
          faults.at(
              place,
              Fault.FAILS,
              Fault.ANSWER_LOST,
              Fault.HANGS,
              Fault.ACTS_LATE,
              Fault.DIES_BEFORE,
              Fault.DIES_AFTER);
      switch (fault) {
        case null -> act.on(context);
        case FAILS -> throw new IllegalStateException("as drawn");
        case ANSWER_LOST -> {
          act.on(context);
          throw new IllegalStateException("its answer was lost");
        }
        case HANGS -> throw new SimExecution.Hang(null);
        case ACTS_LATE -> throw new SimExecution.Hang(() -> late(act, context));
        case DIES_BEFORE -> {
          die.run();
          scheduler.current().dieIfDead();
        }
        case DIES_AFTER -> {
          act.on(context);
          die.run();
          scheduler.current().dieIfDead();
        }
      }
    }

    /// What it does when nobody waits any more is refused like anything else that comes late.
    private void late(Act act, StepContext context) {
      try {
        act.on(context);
      } catch (DeposedException | IllegalStateException e) {
        refused = e.getMessage();
      }
    }

    /// Why it was refused when it came late.
    @SuppressWarnings("unused")
    private @Nullable String refused;
  }
}
