package dev.signalbox.cli;

import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.ReleaseView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// A command that changes something. Hands its work to the resident driver when one runs; otherwise
/// it takes the lease, and stays until everything has settled that it began or took up.
abstract class DriveCommand extends BaseCommand {
  @Mixin FileOption file = new FileOption();

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "24h",
      description = "Give up waiting after this long, default ${DEFAULT-VALUE}; exit code 4.")
  Duration timeout = Duration.ofHours(24);

  DriveCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  /// Does it as the driver.
  abstract Outcome drive(EngineSession session) throws InterruptedException, TimeoutException;

  /// Whether the release stands where this command would bring it: then it is no failure that
  /// somebody else brought it there, be it this console when it took the release up.
  boolean reached(ReleaseView release) {
    return false;
  }

  /// Whether the command waits for the lease first.
  boolean needsLease() {
    return true;
  }

  /// What the command does about a watch that is not over when it has ended otherwise.
  WatchBy watchBy() {
    return WatchBy.NOBODY;
  }

  /// Who watches a target that has just become live.
  enum WatchBy {
    /// This command, when there is no resident driver.
    COMMAND_IF_ALONE,
    /// This command, also when there is a resident driver.
    COMMAND,
    /// Not this command.
    NOBODY
  }

  /// What is decided is decided on what answers within this: a busy machine is no outage.
  private static final Duration ANSWERS = Duration.ofSeconds(5);

  @Override
  final int run(Output output) throws Exception {
    try (EngineSession session = open(output)) {
      if (needsLease() && !awaitLease(session)) {
        return notDriving(session.snapshot().lease(), output);
      }
      // A decision from a state that nobody has looked at yet would be a wrong one.
      session.awaitFirstLook();
      session.awaitAnswers(ANSWERS);
      session.skipHistory();
      Outcome outcome = drive(session);
      if (!session.resident()) {
        outcome = settle(session, outcome);
      }
      return finish(session, output, watch(session, outcome));
    }
  }

  private EngineSession open(Output output) throws ConfigurationException {
    Optional<Engine> resident = services.engines().resident(file.path);
    return resident.isPresent()
        ? new EngineSession(resident.get(), output, timeout, true)
        : new EngineSession(
            services.engines().open(file.path, Engines.Intent.DRIVE), output, timeout, false);
  }

  private static boolean awaitLease(EngineSession session)
      throws InterruptedException, TimeoutException {
    try {
      return session.awaitLease();
    } catch (TimeoutException e) {
      TimeoutException clear =
          new TimeoutException(
              "Who drives could not be found out within the time given: the databases do not answer."
                  + " Nothing was changed. Look at 'signalbox release status'.");
      clear.initCause(e);
      throw clear;
    }
  }

  private static int notDriving(LeaseView lease, Output output) {
    return output.error(
        ExitCode.NOT_DRIVING,
        List.of(
            "The console '"
                + lease.holder()
                + "' drives this environment. Nothing was changed. Use that one,"
                + " or take over with 'signalbox release takeover'."));
  }

  /// Ending this console would leave its work with nobody at it.
  private Outcome settle(EngineSession session, Outcome outcome)
      throws InterruptedException, TimeoutException {
    boolean waited = session.awaitSettled();
    EngineSnapshot now = session.snapshot();
    ReleaseView release = now.release();
    if (release == null || EngineSession.elsewhere(now)) {
      return outcome;
    }
    return switch (outcome) {
      case Outcome.Done(String text) -> {
        // What was asked for is done; what went on with it did not end well.
        if (session.events().cameToHold()) {
          yield new Outcome.Failed(text + " " + Standing.text(release));
        }
        yield waited ? new Outcome.Done(text + " " + Standing.text(release)) : outcome;
      }
      case Outcome.Refused(String text) -> {
        if (!waited && !session.events().tookUp()) {
          yield outcome;
        }
        yield reached(release)
            ? new Outcome.Done(Standing.text(release))
            : new Outcome.Refused(text + " " + Standing.text(release));
      }
      case Outcome.Failed(String text) -> {
        if (!waited) {
          yield outcome;
        }
        yield reached(release)
            ? new Outcome.Done(text + " It went on all the same. " + Standing.text(release))
            : new Outcome.Failed(text + " " + Standing.text(release));
      }
    };
  }

  /// A target that has just become live is watched by somebody, or the outcome says that it is not.
  private Outcome watch(EngineSession session, Outcome outcome)
      throws InterruptedException, TimeoutException {
    ReleaseView release = session.snapshot().release();
    if (!(outcome instanceof Outcome.Done(String text))
        || release == null
        || !Standing.underWatch(release)) {
      return outcome;
    }
    boolean stays =
        watchBy() == WatchBy.COMMAND
            || (watchBy() == WatchBy.COMMAND_IF_ALONE && !session.resident());
    if (!stays) {
      return new Outcome.Done(
          text
              + (session.resident()
                  ? " The resident driver watches " + release.target() + "."
                  : " Nobody watches "
                      + release.target()
                      + ": when it fails its health checks, traffic stays there until somebody acts."
                      + " 'signalbox drive' watches, and so does 'signalbox window'."));
    }
    session.note(
        text
            + " This command watches "
            + release.target()
            + " until the watch is over."
            + (session.resident() ? "" : " If you end it before, nobody does."));
    EngineSnapshot over =
        session.await(s -> {
          ReleaseView r = s.release();
          return r == null || EngineSession.elsewhere(s) || Standing.watched(r) || ended(r);
        });
    ReleaseView then = over.release();
    if (then == null) {
      throw new IllegalStateException("The release is gone from the engine's state.");
    } else if (Standing.watched(then)) {
      return new Outcome.Done(
          text + " The watch is over. The way back stays until 'signalbox release cleanup'.");
    } else if (EngineSession.elsewhere(over)) {
      return new Outcome.Done(text + " " + over.lease().holder() + " drives now and watches it.");
    }
    String why = session.events().lastNote().isEmpty() ? "" : session.events().lastNote() + " ";
    return new Outcome.Failed(
        Standing.back(then)
            ? then.origin() + " is live again before the watch was over. " + why
            : why + Standing.text(then));
  }

  /// Whether the watch ended otherwise than well.
  private static boolean ended(ReleaseView release) {
    return Standing.settled(release) && !Standing.underWatch(release);
  }

  /// Writes the outcome; a refusal because somebody else took the lease has an exit code of its
  /// own.
  private static int finish(EngineSession session, Output output, Outcome outcome) {
    int code = output.outcome(outcome);
    return outcome instanceof Outcome.Refused && EngineSession.elsewhere(session.snapshot())
        ? ExitCode.NOT_DRIVING
        : code;
  }
}
