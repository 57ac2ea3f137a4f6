package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.release.Lease;
import dev.signalbox.engine.release.model.Levers;
import dev.signalbox.engine.release.model.Observed;
import dev.signalbox.engine.release.model.Observed.Driver;
import dev.signalbox.engine.release.model.ReleaseState;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides what happens. Commands and results are posted to it and taken one after the other;
/// nothing that is posted waits for a database or a network. The work itself is an activity, at
/// most one at a time, on a task of its own.
///
/// Nothing is under way with nobody at it: while this console drives, whatever the journal says is
/// under way and does not hold is taken up again by [#tick], from what is observed. This covers the
/// death of another console, a journal that could not be written, and a lease that was lost and
/// came back, in one way.
///
/// Going back and giving up do not wait for work that hangs: it is interrupted, and when it does
/// not end it is left behind under its old epoch, which every database and router refuses from then
/// on.
class Conductor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);

  private final String environment;
  private final BiFunction<ReleaseState, Observed, Map<LeverId, Lever>> rules;
  private final ActivityContext.Shared shared;
  private final Activities activities;
  private final Driving driving;
  private final CommandHandler commands;
  private final TargetWatch watch;
  private volatile boolean closing;

  /// @param progress told how far a step is; must return at once
  Conductor(
      Environment environment,
      Planes planes,
      Recorder recorder,
      Lease lease,
      Execution execution,
      Consumer<String> progress) {
    this(environment, planes, recorder, lease, execution, progress, Levers::of);
  }

  /// @param rules decide what an operator may do
  Conductor(
      Environment environment,
      Planes planes,
      Recorder recorder,
      Lease lease,
      Execution execution,
      Consumer<String> progress,
      BiFunction<ReleaseState, Observed, Map<LeverId, Lever>> rules) {
    this.environment = environment.name();
    this.rules = rules;
    this.shared =
        new ActivityContext.Shared(
            planes,
            recorder,
            lease,
            execution,
            new DrivingEpoch(),
            () -> closing,
            progress,
            environment.release().stallBudget());
    this.activities = new Activities(shared, this::foundDeposed);
    this.driving = new Driving(shared, activities, this::begin);
    this.commands =
        new CommandHandler(environment.name(), shared, activities, driving, this::lever);
    this.watch = new TargetWatch(shared, activities, environment.release().watch());
  }

  private void foundDeposed(long ours) {
    driving.found(ours);
  }

  // ---- what is known --------------------------------------------------------------------------

  /// The epoch that we drive under, 0 when we do not.
  long epoch() {
    return shared.epoch().now();
  }

  /// The epoch that is being taken up; 0 when none is. Until it is driven under, its lease wants to
  /// be renewed all the same.
  long taking() {
    return shared.epoch().taking();
  }

  boolean busy() {
    return activities.current() != null;
  }

  /// Whether somebody must be at the release and nobody is.
  boolean unattended() {
    ReleaseState state = shared.recorder().state();
    return !busy() && state.active() && state.doing().wantsSomebody();
  }

  /// What may be done now. From any thread; asks planes only for what they saw.
  Map<LeverId, Lever> levers() {
    return rules.apply(shared.recorder().state(), observed());
  }

  Lever lever(LeverId id) {
    return Objects.requireNonNull(levers().get(id));
  }

  Observed observed() {
    ReleaseState state = shared.recorder().state();
    boolean here = driving.here();
    return shared
        .planes()
        .observed(
            environment,
            here || shared.recorder().readAt() != null,
            driving.driver(),
            here ? underWay(state) : presumed(state),
            state);
  }

  private Optional<Observed.Activity> underWay(ReleaseState state) {
    return Optional.ofNullable(activities.current())
        .map(a -> new Observed.Activity(a.title(), a.move().or(state::currentMove)));
  }

  /// What another console that drives is at, by what the journal says. A console that takes the
  /// lease begins with the same.
  private static Optional<Observed.Activity> presumed(ReleaseState state) {
    return state.active() && state.doing().wantsSomebody()
        ? Optional.of(new Observed.Activity(Sentences.takingUp(state), state.currentMove()))
        : Optional.empty();
  }

  // ---- what is told ---------------------------------------------------------------------------

  /// Never completes exceptionally.
  CompletionStage<Outcome> submit(Command command) {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    boolean posted =
        shared
            .execution()
            .post(() -> {
              try {
                commands.handle(command, answer);
              } catch (RuntimeException e) {
                LOG.warn("{} failed", command, e);
                answer.complete(new Outcome.Failed(Sentences.of(e)));
              }
            });
    if (!posted) {
      answer.complete(new Outcome.Refused(Sentences.closed(shared.recorder().actor())));
    }
    return answer;
  }

  /// Tells that the lease is ours now. Reads the journal and drives from then on, beginning with
  /// what is under way.
  void drives(long newEpoch, String how) {
    driving.drives(newEpoch, how);
  }

  /// Tells who drives while it is not this console.
  void elsewhere(Driver driver) {
    driving.elsewhere(driver);
  }

  /// Tells that another console drives since this epoch of ours.
  ///
  /// @param driver who drives now
  void lost(long ours, Driver driver) {
    driving.lost(ours, driver);
  }

  /// Looks at the clock and at the planes; called a few times a second.
  ///
  /// @return false when this console is closed
  boolean tick() {
    return shared
        .execution()
        .post(() -> {
          if (!driving.here() || closing) {
            return;
          }
          Activities.Activity now = activities.current();
          if (now != null) {
            watch.judge(now);
          } else {
            takeUpWhatIsUnattended();
            if (!busy()) {
              watch.watch();
            }
          }
        });
  }

  private void begin() {
    activities.takeUpSoon();
    takeUpWhatIsUnattended();
  }

  private void takeUpWhatIsUnattended() {
    if (unattended() && activities.mayTakeUp()) {
      activities.begin(
          Sentences.takingUp(shared.recorder().state()), Optional.empty(), ReleaseWork::takeUp);
    }
  }

  /// Interrupts what runs and lets it take back what it began. A move that is being proven stays
  /// under way: the next console goes on with it.
  @Override
  public void close() {
    closing = true;
    activities.close();
    shared.execution().close();
  }
}
