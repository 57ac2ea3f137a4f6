package dev.signalbox.engine.release;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Health;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.PlaneView;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.engine.ReleaseView.PhaseView;
import dev.signalbox.engine.ReleaseView.Status;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.WayBack;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.release.ReleaseState.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Puts together what a screen shows. Used by one thread; asks nobody who could make it wait.
final class SnapshotAssembler {
  private final Environment environment;
  private final List<Plane> planes;
  private final Recorder recorder;
  private final Conductor conductor;
  private final History history = new History();
  private long version;
  private int movesSeen;

  SnapshotAssembler(
      Environment environment, List<Plane> planes, Recorder recorder, Conductor conductor) {
    this.environment = environment;
    this.planes = planes;
    this.recorder = recorder;
    this.conductor = conductor;
  }

  EngineSnapshot assemble(LeaseView lease, String progress) {
    Instant now = Instant.now();
    ReleaseState state = recorder.state();
    ApplicationView application = null;
    DatabaseView database = null;
    StrategyView strategy = null;
    for (Plane plane : planes) {
      PlaneView view = plane.view();
      switch (view) {
        case ApplicationView seen -> application = seen;
        case DatabaseView seen -> database = seen;
        case StrategyView seen -> strategy = seen;
      }
    }
    if (state.moves().size() > movesSeen) {
      movesSeen = state.moves().size();
      history.mark("to " + state.moves().getLast().move().to());
    }
    history.look(now, application, database);
    String locked = conductor.interlocking().locked();
    boolean moving = state.mode() instanceof Mode.Moving;
    Colour live = live();
    WayBack wayBack =
        WayBacks.of(
            state,
            conductor.interlocking().risk(new Move(state.target(), state.origin())),
            moving,
            live);
    return new EngineSnapshot(
        ++version,
        now,
        environment.name(),
        live,
        lease,
        state.number() == 0
            ? null
            : release(state, now, progress, locked, trouble(state, application, database, wayBack)),
        application,
        database,
        strategy,
        conductor.interlocking().gates(state),
        locked,
        environment.release().stallBudget(),
        predicted(state, database),
        wayBack,
        history.samples(),
        recorder.lastEvent(),
        environment.database().poll());
  }

  /// The colour that all planes see in use. A query cluster that is not seen says nothing against
  /// what router and databases agree on; one that is elsewhere does.
  private @Nullable Colour live() {
    Colour agreed = null;
    for (Plane plane : planes) {
      Colour colour = plane.live();
      if (colour == null && plane.view() instanceof StrategyView) {
        continue;
      }
      if (colour == null || (agreed != null && agreed != colour)) {
        return null;
      }
      agreed = colour;
    }
    return agreed;
  }

  private static @Nullable Duration predicted(ReleaseState state, @Nullable DatabaseView database) {
    List<Duration> stalls =
        state.moves().stream().map(MoveView::stall).filter(Objects::nonNull).sorted().toList();
    if (!stalls.isEmpty()) {
      return stalls.get(stalls.size() / 2);
    }
    if (database == null || database.replication().forward().lag() == null) {
      return null;
    }
    return database.replication().forward().lag().plusMillis(20);
  }

  private ReleaseView release(
      ReleaseState state, Instant now, String progress, String locked, String trouble) {
    List<PhaseView> phases = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      phases.add(phase(state, phase, now, progress));
    }
    return new ReleaseView(
        state.number(),
        state.version(),
        state.origin(),
        state.target(),
        status(state),
        state.phase(),
        phases,
        trouble.isEmpty() ? next(state, locked) : trouble,
        state.moves(),
        state.startedAt(),
        state.endedAt());
  }

  /// What is wrong with the stack that is live while nothing is being done about it; or empty.
  private static String trouble(
      ReleaseState state,
      @Nullable ApplicationView application,
      @Nullable DatabaseView database,
      WayBack wayBack) {
    if (!(state.mode() instanceof Mode.Waiting)) {
      return "";
    }
    Colour live = state.live();
    DatabaseView.Server server = database == null ? null : database.servers().get(live);
    ApplicationView.Stack stack = application == null ? null : application.stacks().get(live);
    String what;
    if (server != null && !server.reachable()) {
      what = "The database of " + live + ", which is live, does not answer.";
    } else if (stack != null && stack.health() == Health.UNHEALTHY) {
      what = live + " is live and fails its health checks.";
    } else {
      return "";
    }
    if (live == state.origin()) {
      return what + " Bring it back; nothing was switched yet.";
    }
    return wayBack.possible()
        ? what + " Roll back to " + state.origin() + ", or bring it back."
        : what + " Bring it back: " + wayBack.evidence();
  }

  private static PhaseView phase(ReleaseState state, Phase phase, Instant now, String progress) {
    ReleaseState.PhaseTimes times = state.phases().get(phase);
    if (times == null) {
      return new PhaseView(phase, PhaseView.State.WAITING, null, "");
    }
    Instant done = times.doneAt();
    if (done != null) {
      return new PhaseView(
          phase, PhaseView.State.DONE, Duration.between(times.startedAt(), done), "");
    }
    Duration took = Duration.between(times.startedAt(), now);
    return state.mode() instanceof Mode.Holding holding && state.phase() == phase
        ? new PhaseView(phase, PhaseView.State.HOLDING, took, holding.reason())
        : new PhaseView(phase, PhaseView.State.RUNNING, took, progress);
  }

  private static Status status(ReleaseState state) {
    return switch (state.mode()) {
      case Mode.Advancing advancing -> new Status.Running(state.step());
      case Mode.Waiting waiting ->
          state.live() == state.target() ? new Status.Watching() : new Status.Ready();
      case Mode.Moving moving -> new Status.Moving(moving.move(), state.step());
      case Mode.Holding holding -> new Status.Holding(holding.reason());
      case Mode.Undoing undoing -> new Status.Undoing(state.step());
      case Mode.Ended ended -> ended.completed() ? new Status.Completed() : new Status.Aborted();
    };
  }

  private static String next(ReleaseState state, String locked) {
    return switch (state.mode()) {
      case Mode.Advancing advancing ->
          "It goes on by itself until the cutover, which waits for you.";
      case Mode.Waiting waiting -> {
        if (state.live() != state.target()) {
          yield !locked.isEmpty()
              ? "Locked: " + locked
              : state.moves().isEmpty()
                  ? "Both stacks are in step. Pull the lever to cut over to " + state.target() + "."
                  : state.live()
                      + " is live, and "
                      + state.target()
                      + " is kept in step for"
                      + " another cutover.";
        }
        ReleaseState.PhaseTimes watch = state.phases().get(Phase.WATCH);
        yield watch != null && watch.doneAt() != null
            ? state.target()
                + " is live and was watched. Clean up once the way back is no longer needed."
            : state.target() + " is being watched.";
      }
      case Mode.Moving moving -> "Traffic and writes move " + moving.move() + ".";
      case Mode.Holding holding -> holding.reason();
      case Mode.Undoing undoing -> "Everything the release did is being undone.";
      case Mode.Ended ended ->
          ended.completed() ? state.target() + " is live." : state.origin() + " is as it was.";
    };
  }
}
