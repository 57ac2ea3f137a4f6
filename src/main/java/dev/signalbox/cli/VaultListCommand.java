package dev.signalbox.cli;

/// `signalbox vault list`.
@picocli.CommandLine.Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Show the names of what is in the vault, never the secrets.")
final class VaultListCommand extends VaultBase {
  VaultListCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int work(Output output, Services.Vaults vaults) {
    output.names(vaults.names(file.path));
    return ExitCode.OK;
  }
}
