package dev.signalbox.cli;

import java.io.IOException;
import java.util.List;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;

/// What the commands on the vault share: it lies beside the environment's file, which need not be
/// there yet.
abstract class VaultBase extends BaseCommand {
  @Mixin FileOption file = new FileOption();

  VaultBase(Services services, Terminal terminal) {
    super(services, terminal);
  }

  /// @throws IllegalStateException with a sentence, when the vault cannot be used
  abstract int work(Output output, Services.Vaults vaults) throws IOException;

  @Override
  final int run(Output output) {
    try {
      return work(output, services.vaults());
    } catch (IllegalStateException | IOException e) {
      LoggerFactory.getLogger(VaultBase.class).debug("the vault cannot be used", e);
      return output.error(ExitCode.FAILED, List.of(String.valueOf(e.getMessage())));
    }
  }
}
