package dev.signalbox.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/// `signalbox cluster`.
@picocli.CommandLine.Command(
    name = "cluster",
    mixinStandardHelpOptions = true,
    description = "Run a query cluster in front of the blue and the green database.")
final class ClusterCommand extends BaseCommand {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      converter = FileConverter.class,
      defaultValue = "cluster.yaml",
      description = "The cluster, default ${DEFAULT-VALUE}.")
  Path path = Path.of("cluster.yaml");

  ClusterCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  boolean stays() {
    return true;
  }

  @Override
  int run(Output output) throws Exception {
    return services.cluster().run(path, output::note);
  }
}
