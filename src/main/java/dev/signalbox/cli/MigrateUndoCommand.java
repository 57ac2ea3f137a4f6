package dev.signalbox.cli;

import dev.signalbox.engine.MigrationControl;
import picocli.CommandLine.Option;

/// `signalbox migrate undo`.

@picocli.CommandLine.Command(
    name = "undo",
    mixinStandardHelpOptions = true,
    description = "Undo the newest applied migration, or several with --down-to.")
final class MigrateUndoCommand extends MigrateBase {
  @Option(
      names = "--down-to",
      paramLabel = "VERSION",
      defaultValue = "",
      description = "Undo everything above this version.")
  String downTo = "";

  MigrateUndoCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int run(MigrationControl migrations, Output output) {
    if (stack == null) {
      return missingStack(output);
    }
    return finish(output, migrations.undo(stack, downTo));
  }
}
