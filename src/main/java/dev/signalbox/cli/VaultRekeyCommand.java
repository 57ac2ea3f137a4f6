package dev.signalbox.cli;

import java.io.IOException;
import java.util.Arrays;

/// `signalbox vault rekey`.
@picocli.CommandLine.Command(
    name = "rekey",
    mixinStandardHelpOptions = true,
    description = {
      "Give the vault another passphrase.",
      "The new one is typed, or comes on standard input."
    })
final class VaultRekeyCommand extends VaultBase {
  VaultRekeyCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int work(Output output, Services.Vaults vaults) throws IOException {
    vaults.open(file.path);
    char[] next = SecretInput.readTwice("New passphrase of the vault: ");
    try {
      return output.outcome(vaults.rekey(file.path, next));
    } finally {
      Arrays.fill(next, ' ');
    }
  }
}
