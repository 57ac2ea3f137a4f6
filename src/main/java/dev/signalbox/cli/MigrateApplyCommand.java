package dev.signalbox.cli;

import dev.signalbox.engine.MigrationControl;

/// `signalbox migrate apply`.
@picocli.CommandLine.Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = "Apply what is pending, in order.")
final class MigrateApplyCommand extends MigrateBase {

  MigrateApplyCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int run(MigrationControl migrations, Output output) {
    if (stack == null) {
      return missingStack(output);
    }
    return finish(output, migrations.apply(stack));
  }
}
