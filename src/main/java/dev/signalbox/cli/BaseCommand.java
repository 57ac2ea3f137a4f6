package dev.signalbox.cli;

import dev.signalbox.driver.DriverException;
import dev.signalbox.engine.Outcome;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;

/// What commands share: their options, and how failures become sentences and exit codes.
abstract class BaseCommand implements Callable<Integer> {
  static final String STILL_DRIVEN =
      "The time given by --timeout is over. The resident driver goes on with what was begun, and"
          + " 'signalbox release status' shows where it stands.";

  @Mixin CommonOptions common = new CommonOptions();

  final Services services;
  final Terminal terminal;

  BaseCommand(Services services, Terminal terminal) {
    this.services = services;
    this.terminal = terminal;
  }

  /// Does it.
  ///
  /// @return an exit code, see [ExitCode]
  abstract int run(Output output) throws Exception;

  /// Whether it runs until it is ended: what its log warns of is then all that a service manager
  /// gets. Another one says in its outcome what an operator must know.
  boolean stays() {
    return false;
  }

  @Override
  public final Integer call() {
    Output output = new Output(terminal, common.json);
    try {
      if (common.debug) {
        terminal.err().println("signalbox: logging to " + common.startLog());
      } else if (!stays()) {
        CommonOptions.logNothingToTerminal();
      }
      return run(output);
    } catch (ConfigurationException e) {
      return output.error(ExitCode.USAGE, e.problems());
    } catch (TimeoutException e) {
      return output.error(ExitCode.TIMED_OUT, List.of(late(e.getMessage())));
    } catch (DriverException e) {
      return switch (e.why()) {
        case RUNS_ALREADY -> output.error(ExitCode.NOT_DRIVING, List.of(sentence(e)));
        case SILENT -> output.error(ExitCode.TIMED_OUT, List.of(sentence(e)));
        case UNUSABLE -> output.error(ExitCode.USAGE, List.of(sentence(e)));
        case GONE -> output.outcome(new Outcome.Failed(sentence(e)));
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.INTERRUPTED;
    } catch (Exception e) {
      Logger log = LoggerFactory.getLogger(BaseCommand.class);
      log.debug("the command failed", e);
      String hint =
          common.debug
              ? " The log says more."
              : " Run it again with --debug for a log that says more.";
      return output.error(
          ExitCode.DEFECT, List.of("Something unexpected happened: " + sentence(e) + hint));
    }
  }

  private static String late(@Nullable String text) {
    return text == null
        ? "The time given by --timeout is over. What was begun goes on with 'signalbox release resume', and"
            + " 'signalbox release status' shows where it stands."
        : text;
  }

  private static String sentence(Exception e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.endsWith(".") ? message : message + ".";
  }
}
