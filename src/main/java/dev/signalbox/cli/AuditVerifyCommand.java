package dev.signalbox.cli;

import java.util.List;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;

/// `signalbox audit verify`. Takes no lease and changes nothing.
@picocli.CommandLine.Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Check the hash chain of the journal, and name the first entry that does not fit.")
final class AuditVerifyCommand extends BaseCommand {
  @Mixin FileOption file = new FileOption();

  AuditVerifyCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  int run(Output output) throws Exception {
    try {
      return output.audit(services.engines().audit(file.path));
    } catch (IllegalStateException e) {
      LoggerFactory.getLogger(AuditVerifyCommand.class).debug("the journal cannot be read", e);
      return output.error(ExitCode.FAILED, List.of(String.valueOf(e.getMessage())));
    }
  }
}
