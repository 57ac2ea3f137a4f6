package dev.signalbox.cli;

import picocli.CommandLine.Parameters;

/// `signalbox vault remove`.
@picocli.CommandLine.Command(
    name = "remove",
    mixinStandardHelpOptions = true,
    description = "Take a secret out of the vault.")
final class VaultRemoveCommand extends VaultBase {
  @Parameters(paramLabel = "NAME", description = "Of the entry.")
  String name = "";

  VaultRemoveCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int work(Output output, Services.Vaults vaults) {
    return output.outcome(vaults.remove(file.path, name));
  }
}
