package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Health;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
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
import dev.signalbox.engine.release.Plane;
import dev.signalbox.engine.release.model.Doing.Work;
import dev.signalbox.engine.release.model.Levers;
import dev.signalbox.engine.release.model.Observed;
import dev.signalbox.engine.release.model.ReleaseState;
import dev.signalbox.engine.release.model.WayBacks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Puts together what a screen shows. Used by one thread; asks nobody who could make it wait.
final class SnapshotAssembler {
  private final Environment environment;
  private final Planes planes;
  private final Recorder recorder;
  private final Conductor conductor;
  private final SampleHistory history = new SampleHistory();
  private long version;

  SnapshotAssembler(
      Environment environment, Planes planes, Recorder recorder, Conductor conductor) {
    this.environment = environment;
    this.planes = planes;
    this.recorder = recorder;
    this.conductor = conductor;
  }

  EngineSnapshot assemble(LeaseView lease, String progress) {
    Instant now = Instant.now();
    ReleaseState state = recorder.state();
    List<PlaneView> views = planes.all().stream().map(Plane::view).toList();
    ApplicationView application = only(views, ApplicationView.class);
    List<DatabaseView> databases =
        views.stream()
            .filter(DatabaseView.class::isInstance)
            .map(DatabaseView.class::cast)
            .toList();
    history.mark(state.moves());
    history.look(now, application, databases);
    Observed observed = conductor.observed();
    Map<LeverId, Lever> levers = Levers.of(state, observed);
    Lever rollBack = Objects.requireNonNull(levers.get(LeverId.ROLL_BACK)).there();
    Lever cutOver = Objects.requireNonNull(levers.get(LeverId.CUT_OVER)).there();
    WayBack wayBack = WayBacks.of(state, observed.back(), rollBack);
    boolean here = conductor.epoch() != 0;
    // Whoever waits for us to drive must not take us for another console.
    LeaseView drives = lease.mine() && !here ? lease.withoutHolder() : lease.withMine(here);
    return new EngineSnapshot(
        ++version,
        now,
        environment.name(),
        live(),
        drives,
        state.number() == 0
            ? null
            : release(
                state,
                now,
                progress,
                next(
                    trouble(observed.astray(), state, application, databases, wayBack),
                    state,
                    cutOver.locked(),
                    drives)),
        recorder.readAt(),
        views,
        observed.gates(),
        levers,
        environment.release().stallBudget(),
        predicted(state),
        wayBack,
        history.shown(),
        recorder.lastEvent(),
        environment.poll());
  }

  private static <T> @Nullable T only(List<PlaneView> views, Class<T> kind) {
    return views.stream().filter(kind::isInstance).map(kind::cast).findFirst().orElse(null);
  }

  /// The colour that all planes see in use. A query cluster that is not seen says nothing against
  /// what router and databases agree on; one that is elsewhere does.
  private @Nullable Colour live() {
    Colour agreed = null;
    for (Plane plane : planes.all()) {
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

  /// The median of what was measured; null before anything was.
  private static @Nullable Duration predicted(ReleaseState state) {
    List<Duration> stalls =
        state.moves().stream()
            .filter(move -> move.result() == MoveView.Result.DONE)
            .map(MoveView::stall)
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    return stalls.isEmpty() ? null : stalls.get(stalls.size() / 2);
  }

  private ReleaseView release(ReleaseState state, Instant now, String progress, String next) {
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
        next,
        state.moves(),
        state.startedAt(),
        state.endedAt());
  }

  /// What is wrong with the stack that is live while nothing is being done about it; or empty.
  private static String trouble(
      Optional<String> astray,
      ReleaseState state,
      @Nullable ApplicationView application,
      List<DatabaseView> databases,
      WayBack wayBack) {
    if (!(state.doing().hold().isEmpty()
        && (state.work() instanceof Work.Ready || state.work() instanceof Work.Watching))) {
      return "";
    }
    if (astray.isPresent()) {
      return astray.get() + " Resume: that closes it for writes.";
    }
    Colour live = state.live();
    String silent = silent(databases, live);
    ApplicationView.Stack stack = application == null ? null : application.stacks().get(live);
    String what;
    if (!silent.isEmpty()) {
      what = silent;
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

  /// Which databases of the stack that is live do not answer, in a sentence; empty when all do.
  static String silent(List<DatabaseView> databases, Colour live) {
    List<DatabaseView> silent = databases.stream().filter(view -> isSilent(view, live)).toList();
    if (silent.isEmpty()) {
      return "";
    }
    boolean several = silent.size() > 1;
    String names = silent.stream().map(DatabaseView::name).collect(Collectors.joining(" and "));
    return (several ? "The databases " : "The database ")
        + (names.isEmpty() ? "" : names + " ")
        + "of "
        + live
        + ", which is live, "
        + (several ? "do" : "does")
        + " not answer.";
  }

  private static boolean isSilent(DatabaseView view, Colour colour) {
    DatabaseView.Server server = view.servers().get(colour);
    return server != null && server.asked() && !server.reachable();
  }

  private static PhaseView phase(ReleaseState state, Phase phase, Instant now, String progress) {
    ReleaseState.PhaseTimes times = state.phases().get(phase);
    if (times == null) {
      return new PhaseView(phase, PhaseView.State.WAITING, null, "");
    }
    Instant done = times.doneAt();
    Duration took = Duration.between(times.startedAt(), done == null ? now : done);
    if (state.work() instanceof Work.Ended(boolean completed) && !completed) {
      return new PhaseView(phase, PhaseView.State.UNDONE, took, "");
    }
    boolean givenUp = state.work() instanceof Work.GivingUp;
    if (givenUp || (phase == Phase.WATCH && goesHome(state))) {
      boolean held = state.doing().hold().isPresent() && state.phase() == phase;
      return new PhaseView(
          phase,
          held ? PhaseView.State.HOLDING : PhaseView.State.UNDOING,
          took,
          held ? state.holdReason() : "");
    }
    if (done != null) {
      return new PhaseView(phase, PhaseView.State.DONE, took, "");
    }
    return state.doing().hold().isPresent() && state.phase() == phase
        ? new PhaseView(phase, PhaseView.State.HOLDING, took, state.holdReason())
        : new PhaseView(phase, PhaseView.State.RUNNING, took, progress);
  }

  /// Whether the target is being left: it is watched no more.
  private static boolean goesHome(ReleaseState state) {
    Move move = state.moveUnderWay();
    return move != null && move.to() == state.origin();
  }

  private static Status status(ReleaseState state) {
    if (state.doing().hold().isPresent()) {
      return new Status.Holding(state.holdReason());
    }
    return switch (state.work()) {
      case Work.SetUp _ -> new Status.Running(state.step());
      case Work.Ready _ -> new Status.Ready();
      case Work.Moving(Move move, boolean _, Work _) -> new Status.Moving(move, state.step());
      case Work.Proving(Move move, boolean _) -> new Status.Moving(move, state.step());
      case Work.Watching _ -> new Status.Watching();
      case Work.CleaningUp _ -> new Status.CleaningUp(state.step());
      case Work.GivingUp _ -> new Status.GivingUp(state.step());
      case Work.Ended(boolean completed) ->
          completed ? new Status.Completed() : new Status.GivenUp();
    };
  }

  /// How the cutover is made now.
  private static String cutOver(Colour target, LeaseView lease) {
    if (lease.mine()) {
      return "Pull the lever to cut over to " + target + ".";
    }
    return lease.holder().isEmpty()
        ? "'signalbox release cutover' moves to " + target + " and takes the lease itself."
        : lease.holder() + " drives and may cut over to " + target + ".";
  }

  private static String next(String trouble, ReleaseState state, String locked, LeaseView lease) {
    if (!trouble.isEmpty()) {
      return trouble;
    } else if (state.doing().hold().isPresent()) {
      return state.holdReason();
    }
    boolean alone = !lease.mine() && lease.known() && lease.holder().isEmpty();
    if (alone && state.doing().wantsSomebody()) {
      return "Nobody drives, so nothing goes on. 'signalbox release resume' takes it up.";
    } else if (alone && state.underWatch()) {
      return state.target() + " is live and nobody watches it. 'signalbox release resume' does.";
    }
    return switch (state.work()) {
      case Work.SetUp _ -> "It goes on by itself until the cutover, which waits for you.";
      case Work.Ready _ ->
          !locked.isEmpty()
              ? "Locked: " + locked
              : state.moves().isEmpty()
                  ? "Both stacks are in step. " + cutOver(state.target(), lease)
                  : state.live()
                      + " is live, and "
                      + state.target()
                      + " is kept in step for another cutover.";
      case Work.Watching _ -> {
        ReleaseState.PhaseTimes watch = state.phases().get(Phase.WATCH);
        yield watch != null && watch.doneAt() != null
            ? state.target()
                + " is live and was watched. Clean up once the way back is no longer needed."
            : state.target() + " is being watched.";
      }
      case Work.Moving moving -> "Traffic and writes move " + moving.move() + ".";
      case Work.Proving proving ->
          proving.move().to() + " takes writes; that traffic arrives there is being proven.";
      case Work.CleaningUp _ -> "The way back is being removed.";
      case Work.GivingUp _ -> "Everything the release did is being undone.";
      case Work.Ended(boolean completed) ->
          completed ? state.target() + " is live." : state.origin() + " is as it was.";
    };
  }
}
