package dev.signalbox.cli;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.MigrationControl;

/// `signalbox migrate status`.
@picocli.CommandLine.Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Show every migration and where it stands.")
final class MigrateStatusCommand extends MigrateBase {

  MigrateStatusCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int run(MigrationControl migrations, Output output) {
    for (Colour colour : stack == null ? Colour.values() : new Colour[] {stack}) {
      output.migrations(colour, migrations.status(colour));
    }
    return ExitCode.OK;
  }
}
