package dev.signalbox.cli;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.Outcome;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `signalbox session end`.
@picocli.CommandLine.Command(
    name = "end",
    mixinStandardHelpOptions = true,
    description = {
      "Cancel what a session does that holds up a release, or end the session.",
      "Its client gets an error, and what it had not committed is rolled back."
    })
final class EndSessionCommand extends DriveCommand {
  @Parameters(
      index = "0",
      paramLabel = "blue|green",
      converter = ColourConverter.class,
      description = "The side that it is on.")
  Colour side = Colour.BLUE;

  @Parameters(
      index = "1",
      paramLabel = "PID",
      description = "Of the session, as 'signalbox release status' shows it.")
  int pid;

  @Option(
      names = "--terminate",
      description = {
        "End the session, not only its statement. One that is idle in transaction has no statement"
            + " that could be cancelled."
      })
  boolean terminate;

  @Option(
      names = "--database",
      paramLabel = "NAME",
      description = "One of several databases, by its name in the file.")
  String database = "";

  EndSessionCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  Outcome drive(EngineSession session) throws InterruptedException, TimeoutException {
    String plane = database.isEmpty() ? "database" : "database." + database;
    return session.submit(new Command.EndSession(plane, side, pid, terminate));
  }
}
