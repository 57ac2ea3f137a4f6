package dev.signalbox.cli;

import dev.signalbox.engine.EngineSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `signalbox release status`. Never takes the lease.
@picocli.CommandLine.Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Show what is live, where the release stands, and the way back.")
final class StatusCommand extends BaseCommand {
  @Mixin FileOption file = new FileOption();

  @Option(
      names = "--watch",
      description = "Stay, and show events as they come, until Ctrl-C or --timeout.")
  boolean watch;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description =
          "Wait this long for the journal to be read and both stacks to be seen, default 10s;"
              + " with --watch, stay this long.")
  Duration timeout = Duration.ZERO;

  StatusCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int run(Output output) throws Exception {
    Duration patience =
        timeout.isZero() ? (watch ? Duration.ofDays(3650) : Duration.ofSeconds(10)) : timeout;
    try (Session session =
        new Session(
            services.engines().open(file.path, Engines.Intent.LOOK), output, patience, false)) {
      return watch ? follow(session, output) : once(session, output);
    }
  }

  private static int once(Session session, Output output) throws InterruptedException {
    try {
      output.status(session.await(Session::looked));
      return ExitCode.OK;
    } catch (TimeoutException e) {
      output.status(session.snapshot());
      return output.error(
          ExitCode.TIMED_OUT,
          List.of(
              session.snapshot().journalReadAt() == null
                  ? "The journal could not be read in time, so it is not known whether a release is"
                      + " under way: the state above is what is known."
                  : "Not everything answered in time: the state above is what is known."));
    }
  }

  private static int follow(Session session, Output output) throws InterruptedException {
    try {
      EngineSnapshot shown = session.await(Session::looked);
      output.status(shown);
      session.skipHistory();
      while (true) {
        EngineSnapshot before = shown;
        shown = session.await(s -> changed(before, s));
        output.status(shown);
      }
    } catch (TimeoutException e) {
      return ExitCode.OK;
    }
  }

  /// Whether something changed that is worth the whole picture again, and not only a figure.
  private static boolean changed(EngineSnapshot before, EngineSnapshot now) {
    return before.live() != now.live()
        || !before.lease().holder().equals(now.lease().holder())
        || !standing(before).equals(standing(now));
  }

  private static String standing(EngineSnapshot s) {
    var release = s.release();
    return release == null
        ? ""
        : release.number()
            + StatusWords.word(release.status())
            + release.phase()
            + release.moves().size();
  }
}
