package dev.signalbox.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command line as a whole.
public final class Cli {
  private Cli() {}

  /// Runs one command to its end. Does not end the process.
  ///
  /// @return an exit code, see [ExitCode]
  public static int run(Services services, Terminal terminal, String... args) {
    CommandLine release =
        group("release", "Run a release.")
            .addSubcommand(new StartCommand(services, terminal))
            .addSubcommand(new StatusCommand(services, terminal))
            .addSubcommand(new CutOverCommand(services, terminal))
            .addSubcommand(new RollBackCommand(services, terminal))
            .addSubcommand(new ResumeCommand(services, terminal))
            .addSubcommand(new GiveUpCommand(services, terminal))
            .addSubcommand(new CleanUpCommand(services, terminal))
            .addSubcommand(new TakeOverCommand(services, terminal));
    CommandLine migrate =
        group("migrate", "Versioned migrations, outside a release.")
            .addSubcommand(new MigrateStatusCommand(services, terminal))
            .addSubcommand(new MigrateApplyCommand(services, terminal))
            .addSubcommand(new MigrateUndoCommand(services, terminal));
    CommandLine session =
        group("session", "Sessions of the databases.")
            .addSubcommand(new EndSessionCommand(services, terminal));
    CommandLine query =
        group("query", "Queries of the query cluster.")
            .addSubcommand(new CancelQueryCommand(services, terminal))
            .addSubcommand(new SuspendClusterCommand(services, terminal))
            .addSubcommand(new ResumeClusterCommand(services, terminal));
    CommandLine audit =
        group("audit", "The journal as evidence.")
            .addSubcommand(new AuditVerifyCommand(services, terminal));
    CommandLine vault =
        group("vault", "Secrets in an encrypted file beside the environment.")
            .addSubcommand(new VaultSetCommand(services, terminal))
            .addSubcommand(new VaultListCommand(services, terminal))
            .addSubcommand(new VaultRemoveCommand(services, terminal))
            .addSubcommand(new VaultRekeyCommand(services, terminal));
    CommandLine line =
        group("signalbox", "Moves a live service from its blue stack to its green one and back.")
            .addSubcommand(new DemoCommand(services, terminal))
            .addSubcommand(new DoctorCommand(services, terminal))
            .addSubcommand(release)
            .addSubcommand(new ResidentCommand(services, terminal))
            .addSubcommand(migrate)
            .addSubcommand(session)
            .addSubcommand(query)
            .addSubcommand(audit)
            .addSubcommand(vault)
            .addSubcommand(
                new CommandLine(new ClusterCommand(services, terminal))
                    .addSubcommand(new HashPasswordCommand(services, terminal)))
            .addSubcommand(new WindowCommand(services, terminal));
    nameVersion(line);
    line.getCommandSpec()
        .usageMessage()
        .footer(
            "",
            "Exit codes:",
            "  0  done",
            "  1  refused or failed",
            "  2  command line or configuration is wrong; nothing was tried",
            "  3  another console drives; nothing was changed",
            "  4  timed out, and what was begun can be resumed; or no answer",
            "  5  a defect of this program",
            "  130, 143  ended by Ctrl-C (SIGINT), by SIGTERM");
    line.setOut(terminal.out());
    line.setErr(terminal.err());
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(terminal.colour() ? Ansi.ON : Ansi.OFF));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler((e, given) -> usage(e, terminal, List.of(given)));
    return line.execute(args);
  }

  /// A command that only has others below it; alone it shows them.
  private static CommandLine group(String name, String description) {
    Group group = new Group();
    CommandSpec spec =
        CommandSpec.wrapWithoutInspection(group).name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().description(description).synopsisSubcommandLabel("COMMAND");
    group.spec = spec;
    return new CommandLine(spec);
  }

  private static final class Group implements Callable<Integer> {
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      CommandLine line = Objects.requireNonNull(spec).commandLine();
      line.usage(line.getErr());
      return ExitCode.USAGE;
    }
  }

  /// `--version` says the same everywhere.
  private static void nameVersion(CommandLine line) {
    line.getCommandSpec().versionProvider(new Version());
    line.getSubcommands().values().forEach(Cli::nameVersion);
  }

  private static int usage(ParameterException e, Terminal terminal, List<String> args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String problem = e.getMessage() + ". See '" + name + " --help'.";
    int code =
        new Output(terminal, args.contains("--json")).error(ExitCode.USAGE, List.of(problem));
    if (!args.contains("--json")) {
      UnmatchedArgumentException.printSuggestions(e, terminal.err());
      terminal.err().flush();
    }
    return code;
  }

  /// From the manifest of the jar.
  private static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Cli.class.getPackage().getImplementationVersion();
      return new String[] {"signalbox " + (version == null ? "(not packaged)" : version)};
    }
  }

  /// Whether these arguments ask for JSON; for failures before a command is known.
  public static boolean wantsJson(String... args) {
    return Arrays.asList(args).contains("--json");
  }
}
