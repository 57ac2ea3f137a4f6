package dev.signalbox.engine.release;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.ReleaseState.Mode;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What each command does, and when it is refused. Runs on the mailbox thread of a console that
/// drives.
final class Commands {
  private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

  /// It goes into the journal as it is.
  private static final Pattern QUERY_ID = Pattern.compile("[\\p{Graph}]{1,200}");

  private final String environment;
  private final Conductor conductor;
  private final Recorder recorder;
  private final Interlocking interlocking;
  private final Activities activities;
  private final Continuation continuation;

  Commands(
      String environment,
      Conductor conductor,
      Recorder recorder,
      Interlocking interlocking,
      Activities activities,
      Continuation continuation) {
    this.environment = environment;
    this.conductor = conductor;
    this.recorder = recorder;
    this.interlocking = interlocking;
    this.activities = activities;
    this.continuation = continuation;
  }

  void handle(Command command, CompletableFuture<Outcome> answer) {
    switch (command) {
      case Command.StartRelease start -> start(start, answer);
      case Command.CutOver cutOver -> cutOver(answer);
      case Command.RollBack rollBack -> rollBack(rollBack, answer);
      case Command.Resume resume -> resume(answer);
      case Command.Abort abort -> abort("abort", answer);
      case Command.CleanUp cleanUp -> cleanUp(cleanUp, answer);
      case Command.OnPlane onPlane -> onPlane(onPlane, answer);
      case Command.TakeOver takeOver ->
          answer.complete(new Outcome.Refused("This console drives already."));
    }
  }

  private void note(String name, String text) {
    conductor
        .batch()
        .add(Kind.COMMAND, recorder.state().phase(), "", text, Map.of("command", name))
        .write();
  }

  private boolean busy(CompletableFuture<Outcome> answer) {
    String title = activities.title();
    if (title == null) {
      return false;
    }
    answer.complete(new Outcome.Refused("'" + title + "' is under way."));
    return true;
  }

  private void start(Command.StartRelease command, CompletableFuture<Outcome> answer) {
    ReleaseState state = recorder.state();
    if (busy(answer)) {
      return;
    }
    if (state.active()) {
      answer.complete(
          new Outcome.Refused(
              "Release " + state.number() + " (" + state.version() + ") has not ended yet."));
      return;
    }
    if (command.version().isBlank() || command.version().length() > 100) {
      answer.complete(new Outcome.Refused("A release needs a version of 1 to 100 characters."));
      return;
    }
    Colour live = interlocking.liveBeforeRelease();
    if (live == null) {
      answer.complete(
          new Outcome.Refused(
              "It cannot be seen which stack is live: "
                  + interlocking.sightings()
                  + ". Start what does not answer, bring all to the same stack, then try again."));
      return;
    }
    long number = state.number() + 1;
    conductor
        .batch()
        .add(
            number,
            Kind.RELEASE_STARTED,
            Phase.INITIALIZE,
            "",
            "Release " + number + " of " + command.version() + " begins: " + Move.to(live.other()),
            Map.of("version", command.version(), "origin", live.id(), "target", live.other().id()))
        .write();
    conductor.begin("Work up to the cutover", new CompletableFuture<>(), continuation::advance);
    answer.complete(new Outcome.Done("Release " + number + " has begun."));
  }

  private void cutOver(CompletableFuture<Outcome> answer) {
    String locked = interlocking.locked();
    if (!locked.isEmpty()) {
      answer.complete(new Outcome.Refused(locked));
      return;
    }
    ReleaseState state = recorder.state();
    Move move = state.nextMove();
    Recorder.Batch batch =
        conductor
            .batch()
            .add(
                Kind.COMMAND,
                state.phase(),
                "",
                "An operator pulls 'Cut over to " + move.to() + "'.",
                Map.of("command", "cut over"));
    // What was known when the lever was pulled belongs to the audit.
    interlocking
        .gates(state)
        .forEach(gate ->
            batch.add(
                Kind.GATE,
                state.phase(),
                gate.id(),
                gate.title() + ": " + gate.evidence(),
                Map.of("state", gate.state().name())));
    batch.write();
    move(move, false, answer);
  }

  private void move(Move move, boolean lossAcknowledged, CompletableFuture<Outcome> answer) {
    conductor.begin(
        "Move " + move, answer, drive -> continuation.move(drive, move, lossAcknowledged));
  }

  private void rollBack(Command.RollBack command, CompletableFuture<Outcome> answer) {
    ReleaseState state = recorder.state();
    if (!state.active()) {
      answer.complete(new Outcome.Refused("No release is under way, so there is no way back."));
    } else if (activities.running() != null && state.mode() instanceof Mode.Moving moving) {
      cancelMove(moving.move(), command, answer);
    } else if (state.moveUnderWay() != null) {
      takeBackMove(Objects.requireNonNull(state.moveUnderWay()), command, answer);
    } else if (state.live() == state.origin()) {
      abort("roll back", answer);
    } else {
      mirrored(state, command, answer);
    }
  }

  /// A move that is being made takes itself back when it is interrupted before its commit, and goes
  /// back by the mirrored one when it is interrupted while it is being proven.
  private void cancelMove(Move move, Command.RollBack command, CompletableFuture<Outcome> answer) {
    if (move.to() == recorder.state().origin()) {
      answer.complete(new Outcome.Refused("The way back to " + move.to() + " is under way."));
      return;
    }
    Activities.Running running = Objects.requireNonNull(activities.running());
    note("roll back", "An operator rolls back while traffic is being moved.");
    running.thread().interrupt();
    var _ =
        running
            .outcome()
            .thenAccept(ended -> conductor.post(() -> afterCancelled(command, ended, answer)));
  }

  private void afterCancelled(
      Command.RollBack command, Outcome ended, CompletableFuture<Outcome> answer) {
    ReleaseState state = recorder.state();
    if (state.active() && state.moveUnderWay() == null && state.live() == state.origin()) {
      answer.complete(
          new Outcome.Done("The switch was taken back; " + state.origin() + " is live."));
    } else if (state.active() && state.moveUnderWay() == null && activities.running() == null) {
      // The interrupt came too late: it is over on the other side.
      mirrored(state, command, answer);
    } else {
      answer.complete(new Outcome.Failed(ended.text()));
    }
  }

  /// A switch that is neither done nor undone: it holds, with one side or both closed.
  private void takeBackMove(
      Move move, Command.RollBack command, CompletableFuture<Outcome> answer) {
    if (busy(answer)) {
      return;
    }
    if (move.to() == recorder.state().origin()) {
      note("roll back", "An operator rolls back: the way back is taken up again.");
      conductor.begin(
          "Take up the move " + move,
          answer,
          drive -> continuation.takeUp(drive, move, !command.acknowledgedLoss().isEmpty()));
      return;
    }
    Plane.Risk risk = interlocking.risk(move.mirrored());
    boolean acknowledged = WayBacks.UNKNOWN_LOSS.equals(command.acknowledgedLoss());
    if (risk.writes() != 0 && !acknowledged) {
      answer.complete(
          new Outcome.Refused(
              "The switch is neither done nor undone, and "
                  + move.to()
                  + " may have taken writes. "
                  + risk.evidence()
                  + " To take it back all the same, type: "
                  + WayBacks.UNKNOWN_LOSS));
      return;
    }
    note("roll back", "An operator takes back a switch that was neither done nor undone.");
    conductor.begin(
        "Take back the move " + move,
        answer,
        drive -> continuation.takeBack(drive, move, acknowledged));
  }

  private void mirrored(
      ReleaseState state, Command.RollBack command, CompletableFuture<Outcome> answer) {
    Plane.Risk risk = interlocking.risk(state.nextMove());
    if (!risk.possible()) {
      answer.complete(new Outcome.Refused("There is no way back now: " + risk.evidence()));
      return;
    }
    String words = WayBacks.wordsToType(risk);
    if (!words.equals(command.acknowledgedLoss()) && !words.isEmpty()) {
      answer.complete(
          new Outcome.Refused(risk.evidence() + " To go back all the same, type: " + words));
      return;
    }
    conductor.clearTheWay();
    note(
        "roll back",
        "An operator rolls back to "
            + state.origin()
            + (words.isEmpty() ? "." : " and accepts that writes are lost."));
    move(state.nextMove(), !words.isEmpty(), answer);
  }

  private void resume(CompletableFuture<Outcome> answer) {
    if (busy(answer)) {
      return;
    }
    ReleaseState state = recorder.state();
    // A move that is under way without anybody at it: its console could not write to the journal.
    if (!(state.mode() instanceof Mode.Holding) && state.moveUnderWay() == null) {
      answer.complete(new Outcome.Refused("Nothing holds, so there is nothing to resume."));
      return;
    }
    note("resume", "An operator resumes the release.");
    conductor.recover();
    answer.complete(new Outcome.Done("The release goes on."));
  }

  private void abort(String name, CompletableFuture<Outcome> answer) {
    ReleaseState state = recorder.state();
    if (!state.active()) {
      answer.complete(new Outcome.Refused("No release is under way."));
    } else if (state.mode() instanceof Mode.Moving) {
      answer.complete(new Outcome.Refused("Traffic is being moved; roll back to stop it."));
    } else if (state.moveUnderWay() != null) {
      answer.complete(
          new Outcome.Refused(
              "A switch is neither done nor undone: roll back first, then give the release up."));
    } else if (state.live() != state.origin()) {
      answer.complete(
          new Outcome.Refused(
              state.target() + " is live: roll back first, then the release can be given up."));
    } else {
      conductor.clearTheWay();
      note(name, "An operator gives the release up.");
      conductor.begin("Undo the release", answer, continuation::undoRelease);
    }
  }

  /// Off the mailbox thread: what a plane asks may take its time to answer. Written to the journal
  /// before it is done.
  private void onPlane(Command.OnPlane command, CompletableFuture<Outcome> answer) {
    switch (command) {
      case Command.CancelQuery cancel -> {
        if (!QUERY_ID.matcher(cancel.queryId()).matches()) {
          answer.complete(
              new Outcome.Refused(
                  "An identifier of a query has 1 to 200 visible characters, as 'signalbox status'"
                      + " shows it."));
          return;
        }
        note("cancel query", "An operator cancels query " + cancel.queryId() + ".");
      }
      case Command.SuspendCluster(String typedName) -> {
        if (!typedName.equals(environment)) {
          answer.complete(
              new Outcome.Refused(
                  "A suspended cluster refuses every new query. To confirm, type the name of the"
                      + " environment, '"
                      + environment
                      + "'."));
          return;
        }
        note("suspend cluster", "An operator suspends the query cluster.");
      }
      case Command.ResumeCluster _ ->
          note("resume cluster", "An operator lets the query cluster take work again.");
    }
    long epoch = conductor.epoch();
    Thread.ofVirtual()
        .name("signalbox command")
        .start(() -> answer.complete(onPlane(command, epoch)));
  }

  private Outcome onPlane(Command.OnPlane command, long epoch) {
    try {
      return interlocking.planes().stream()
          .flatMap(plane -> plane.obey(command, epoch).stream())
          .findFirst()
          .orElseGet(() -> new Outcome.Refused("This environment has nothing that could do that."));
    } catch (DeposedException e) {
      return new Outcome.Refused(Sentences.of(e));
    } catch (RuntimeException | Error e) {
      LOG.error("{} failed", command, e);
      return new Outcome.Failed(Sentences.of(e));
    }
  }

  private void cleanUp(Command.CleanUp command, CompletableFuture<Outcome> answer) {
    ReleaseState state = recorder.state();
    if (busy(answer)) {
      return;
    }
    if (!state.active() || state.moveUnderWay() != null || state.live() != state.target()) {
      answer.complete(
          new Outcome.Refused(
              state.active()
                  ? state.target() + " is not live: cut over first, or give the release up."
                  : "No release is under way."));
    } else if (!command.typedName().equals(environment)) {
      answer.complete(
          new Outcome.Refused(
              "Clean-up ends the way back. To confirm, type the name of the environment, '"
                  + environment
                  + "'."));
    } else {
      note("clean up", "An operator ends the way back and cleans up.");
      conductor.begin("Clean up", answer, continuation::cleanUp);
    }
  }
}
