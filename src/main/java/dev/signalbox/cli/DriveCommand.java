package dev.signalbox.cli;

import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// A command that changes something, and so needs the lease.
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
  abstract int drive(Session session, Output output) throws InterruptedException, TimeoutException;

  /// Whether the command waits for the lease first.
  boolean needsLease() {
    return true;
  }

  @Override
  final int run(Output output) throws Exception {
    try (Session session =
        new Session(services.engines().open(file.path, Engines.Intent.DRIVE), output, timeout)) {
      if (needsLease() && !awaitLease(session)) {
        return notDriving(session.snapshot().lease(), output);
      }
      // A decision from a state that nobody has looked at yet would be a wrong one.
      session.awaitFirstLook();
      session.skipHistory();
      return drive(session, output);
    }
  }

  private static boolean awaitLease(Session session) throws InterruptedException, TimeoutException {
    try {
      return session.awaitLease();
    } catch (TimeoutException e) {
      TimeoutException clear =
          new TimeoutException(
              "Who drives could not be found out within the time given: the databases do not answer."
                  + " Nothing was changed. Look at 'signalbox status'.");
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

  /// Writes the outcome; a refusal because somebody else took the lease has an exit code of its
  /// own.
  static int finish(Session session, Output output, Outcome outcome) {
    int code = output.outcome(outcome);
    LeaseView lease = session.snapshot().lease();
    boolean deposed = !lease.mine() && !lease.holder().isEmpty();
    return outcome instanceof Outcome.Refused && deposed ? ExitCode.NOT_DRIVING : code;
  }
}
