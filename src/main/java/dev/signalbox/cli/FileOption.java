package dev.signalbox.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Which environment.
final class FileOption {
  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      converter = FileConverter.class,
      defaultValue = "signalbox.yaml",
      description = "The environment, default ${DEFAULT-VALUE}.")
  Path path = Path.of("signalbox.yaml");
}
