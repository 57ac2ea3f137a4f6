package dev.signalbox.cli;

import dev.signalbox.driver.DriverException;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
      description = {
        "Stay, and show events as they come, until Ctrl-C or --timeout, or until nobody reads",
        "them any more."
      })
  boolean watch;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description =
          "Wait this long for the journal to be read and everything to be looked at, default 10s;"
              + " with --watch, stay this long.")
  Duration timeout = Duration.ZERO;

  private static final Duration BREATH = Duration.ofMillis(250);
  private static final Duration ANSWERS = Duration.ofMillis(1500);

  StatusCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int run(Output output) throws Exception {
    Duration patience =
        timeout.isZero() ? (watch ? Duration.ofDays(3650) : Duration.ofSeconds(10)) : timeout;
    try (EngineSession session =
        new EngineSession(
            services.engines().open(file.path, Engines.Intent.LOOK), output, patience, false)) {
      return watch ? follow(session, output) : once(session, output);
    }
  }

  /// Not in a field: a logger that is made early reads the settings that --debug changes.
  private static Logger log() {
    return LoggerFactory.getLogger(StatusCommand.class);
  }

  private int once(EngineSession session, Output output)
      throws InterruptedException, ConfigurationException {
    try {
      var _ = session.await(Reachability::looked);
      session.awaitAnswers(ANSWERS);
    } catch (TimeoutException e) {
      log().debug("not everything was looked at in time", e);
    }
    EngineSnapshot shown = session.snapshot();
    String driver = unusableDriver(shown);
    output.status(shown, driver);
    String unknown = driver.isEmpty() ? unknown(shown) : driver;
    return unknown.isEmpty()
        ? ExitCode.OK
        : output.error(ExitCode.TIMED_OUT, List.of(unknown + " The state above is what is known."));
  }

  /// Why a command could not hand its work to the resident driver, which it would; empty when it
  /// could, or none is there. Asked only when nobody drives: who does is alive.
  private String unusableDriver(EngineSnapshot shown) throws ConfigurationException {
    if (shown.lease().mine() || !shown.lease().holder().isEmpty()) {
      return "";
    }
    try {
      services.engines().resident(file.path).ifPresent(Engine::close);
      return "";
    } catch (DriverException e) {
      log().debug("a resident driver is there that cannot be used", e);
      return Objects.requireNonNullElse(e.getMessage(), e.toString());
    }
  }

  /// What is not known of a state, in a sentence; empty when everything is.
  private static String unknown(EngineSnapshot shown) {
    if (shown.journalReadAt() == null && shown.release() != null) {
      return "The journal could not be read to its end in time, so the release may be further on.";
    }
    if (shown.journalReadAt() == null) {
      return "The journal could not be read in time, so it is not known whether a release is under"
          + " way.";
    }
    List<String> silent = Reachability.silent(shown);
    if (!silent.isEmpty()) {
      return "No answer in time: " + String.join(", ", silent) + ".";
    }
    List<String> unasked = Reachability.unasked(shown);
    return unasked.isEmpty() ? "" : "Not asked yet: " + String.join(", ", unasked) + ".";
  }

  private int follow(EngineSession session, Output output)
      throws InterruptedException, ConfigurationException {
    EngineSnapshot shown;
    try {
      shown = session.await(Reachability::looked);
    } catch (TimeoutException e) {
      log().debug("not everything was looked at in time", e);
      return once(session, output);
    }
    try {
      output.status(shown, unusableDriver(shown));
      session.skipHistory();
      // Later than the state: a reader that wanted its first lines only is gone by now, and that
      // shows when something is written.
      var _ = session.awaitWithin(BREATH, s -> false);
      output.note("What changes is shown from now on, until Ctrl-C or --timeout.");
      while (true) {
        EngineSnapshot before = shown;
        shown = session.await(s -> changed(before, s) || output.readerGone());
        if (output.readerGone()) {
          return ExitCode.OK;
        }
        output.status(shown, unusableDriver(shown));
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
