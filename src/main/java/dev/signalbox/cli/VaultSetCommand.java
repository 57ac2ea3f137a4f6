package dev.signalbox.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Parameters;

/// `signalbox vault set`.
@picocli.CommandLine.Command(
    name = "set",
    mixinStandardHelpOptions = true,
    description = {
      "Put a secret into the vault, or another one in its place.",
      "The secret is typed, or comes on standard input."
    })
final class VaultSetCommand extends VaultBase {
  @Parameters(paramLabel = "NAME", description = "Of the entry, as { vault: NAME } has it.")
  String name = "";

  VaultSetCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int work(Output output, Services.Vaults vaults) throws IOException {
    char[] secret = SecretInput.readTwice("Secret '" + name + "': ");
    try {
      if (secret.length == 0) {
        return output.error(
            ExitCode.USAGE,
            List.of("The secret is empty. Type it, or write it to standard input."));
      }
      return output.outcome(vaults.set(file.path, name, secret));
    } finally {
      Arrays.fill(secret, ' ');
    }
  }
}
