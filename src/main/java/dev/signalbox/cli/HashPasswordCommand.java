package dev.signalbox.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// `signalbox cluster hash-password`. The password is typed, or comes on standard input: an
/// argument could be read by everybody on the machine.
@picocli.CommandLine.Command(
    name = "hash-password",
    mixinStandardHelpOptions = true,
    description = "Print what stands for a password in the users file of a cluster.")
final class HashPasswordCommand extends BaseCommand {
  HashPasswordCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int run(Output output) throws IOException {
    char[] password = SecretInput.read("Password: ");
    try {
      if (password.length == 0) {
        return output.error(
            ExitCode.USAGE,
            List.of("The password is empty. Type it, or write it to standard input."));
      }
      output.note(services.cluster().hash(password));
      return ExitCode.OK;
    } finally {
      Arrays.fill(password, ' ');
    }
  }
}
