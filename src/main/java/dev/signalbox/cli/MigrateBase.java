package dev.signalbox.cli;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.MigrationControl;
import dev.signalbox.engine.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What the commands on migrations share.
abstract class MigrateBase extends BaseCommand {
  @Mixin FileOption file = new FileOption();

  @Option(
      names = "--stack",
      paramLabel = "blue|green",
      converter = ColourConverter.class,
      description = "Which side; 'status' shows both without it.")
  @Nullable Colour stack;

  @Option(
      names = "--database",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Which one, when the environment has several.")
  String database = "";

  MigrateBase(Services services, Terminal terminal) {
    super(services, terminal);
  }

  abstract int run(MigrationControl migrations, Output output);

  @Override
  final int run(Output output) throws Exception {
    try (MigrationControl migrations = services.engines().migrations(file.path, database)) {
      return run(migrations, output);
    } catch (IllegalStateException e) {
      LoggerFactory.getLogger(MigrateBase.class).debug("migrations cannot be read", e);
      return output.error(ExitCode.FAILED, List.of(String.valueOf(e.getMessage())));
    }
  }

  /// A migration is refused for one reason only: another console drives.
  static int finish(Output output, Outcome outcome) {
    int code = output.outcome(outcome);
    return outcome instanceof Outcome.Refused ? ExitCode.NOT_DRIVING : code;
  }

  static int missingStack(Output output) {
    return output.error(ExitCode.USAGE, List.of("Say which side: --stack blue or --stack green."));
  }
}
