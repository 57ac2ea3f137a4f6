package dev.signalbox.cli;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Diagnosis;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `signalbox doctor`.
@picocli.CommandLine.Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Look at the databases as a release would before it begins: connections, settings, rights,",
      "tables. Says what is missing with the statement that cures it. Changes nothing."
    })
final class DoctorCommand extends BaseCommand {
  @Mixin FileOption file = new FileOption();

  @Option(
      names = "--from",
      paramLabel = "blue|green",
      converter = ColourConverter.class,
      description = "The side that is live now; blue without it.")
  Colour from = Colour.BLUE;

  DoctorCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int run(Output output) throws Exception {
    List<Diagnosis> all = services.engines().diagnose(file.path, from);
    all.forEach(output::diagnosis);
    return all.stream().allMatch(Diagnosis::fit) ? ExitCode.OK : ExitCode.FAILED;
  }
}
