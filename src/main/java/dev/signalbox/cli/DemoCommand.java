package dev.signalbox.cli;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `signalbox demo`.
@picocli.CommandLine.Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Move a real service from blue to green and back, under load, on this machine.")
final class DemoCommand extends BaseCommand {
  @Option(
      names = "--headless",
      description = "Show it in the terminal even when there is a display.")
  boolean headless;

  @Option(
      names = "--service-only",
      description = {
        "Only run the service under load, until Ctrl-C or for --seconds, and print its",
        "signalbox.yaml: to try the other commands by hand."
      })
  boolean serviceOnly;

  @Option(
      names = "--switches",
      paramLabel = "N",
      description = "Switches of traffic, 1 to 1000; default: over, back, and over again.")
  @Nullable Integer switches;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "200",
      description = "Requests a second, 1 to 5000, default ${DEFAULT-VALUE}.")
  int rate = 200;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Run at least this long, 1 to 86400; default: as long as the switches take.")
  @Nullable Integer seconds;

  DemoCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  boolean stays() {
    return true;
  }

  @Override
  int run(Output output) throws Exception {
    if (serviceOnly && switches != null) {
      return output.error(
          ExitCode.USAGE,
          List.of("--service-only makes no switches by itself; leave --switches out."));
    }
    if (switches != null && (switches < 1 || switches > 1000)) {
      return output.error(
          ExitCode.USAGE, List.of("--switches takes 1 to 1000, not " + switches + "."));
    }
    if (rate < 1 || rate > 5000) {
      return output.error(ExitCode.USAGE, List.of("--rate takes 1 to 5000, not " + rate + "."));
    }
    if (seconds != null && (seconds < 1 || seconds > 86_400)) {
      return output.error(
          ExitCode.USAGE, List.of("--seconds takes 1 to 86400, not " + seconds + "."));
    }
    return services
        .demo()
        .run(
            new DemoOptions(
                headless,
                serviceOnly,
                common.json,
                switches,
                rate,
                seconds == null ? null : Duration.ofSeconds(seconds)));
  }
}
