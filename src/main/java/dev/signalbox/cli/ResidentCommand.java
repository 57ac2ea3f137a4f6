package dev.signalbox.cli;

import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.LeaseView;
import java.time.Duration;
import picocli.CommandLine.Mixin;

/// `signalbox drive`: drives until it is told to end. Commands on this machine hand their work to
/// it.
@picocli.CommandLine.Command(
    name = "drive",
    mixinStandardHelpOptions = true,
    description = {
      "Drive the environment until Ctrl-C or SIGTERM, for a service manager.",
      "Watches what is live, takes up what was left under way, and does what the other commands",
      "ask for."
    })
final class ResidentCommand extends BaseCommand {
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  @Mixin FileOption file = new FileOption();

  ResidentCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  boolean stays() {
    return true;
  }

  @Override
  int run(Output output) throws Exception {
    try (EngineSession session =
        new EngineSession(
            services.engines().open(file.path, Engines.Intent.RESIDE), output, FOR_EVER, false)) {
      output.note("The driver of '" + session.snapshot().environment() + "' has started.");
      session.awaitFirstLook();
      session.skipHistory();
      String said = "";
      while (true) {
        String before = said;
        EngineSnapshot now = session.await(s -> !standing(s).equals(before));
        said = standing(now);
        output.note(said);
      }
    }
  }

  static String standing(EngineSnapshot s) {
    LeaseView lease = s.lease();
    if (lease.mine()) {
      return "This driver drives '" + s.environment() + "'.";
    }
    if (!lease.known()) {
      return "It is not known who drives '"
          + s.environment()
          + "'"
          + (lease.silence().isEmpty() ? "" : ": " + lease.silence())
          + ". This driver drives as soon as it may.";
    }
    return lease.holder().isEmpty()
        ? "Nobody drives '" + s.environment() + "' at the moment; this driver tries to."
        : "'"
            + lease.holder()
            + "' drives '"
            + s.environment()
            + "'; this driver looks on, and takes over when that one is gone.";
  }
}
