package dev.signalbox.app;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.environment.EnvironmentFile;
import dev.signalbox.engine.release.ReleaseEngine;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Main class of a console that a test talks to, one line a command, and kills: `MortalConsole
/// <signalbox.yaml> <writes until it parks, 0 for never>`. Prints `DRIVES`, then `DONE`, `REFUSED`
/// or `FAILED` with a sentence for each command, and `PARKED` when it waits to be killed.
final class MortalConsole {
  private MortalConsole() {}

  public static void main(String[] arguments) throws Exception {
    var file = (EnvironmentFile.Result.Loaded) EnvironmentFile.read(Path.of(arguments[0]));
    int writes = Integer.parseInt(arguments[1]);
    try (Console console =
            new Console(
                file.environment(),
                ReleaseEngine.Role.DRIVE,
                journal -> new ParkingJournal(journal, writes, () -> say("PARKED")));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      // Ends with the process.
      console.observe(snapshot -> {
        if (snapshot.lease().mine()) {
          DRIVES.run();
        }
      });
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Command command =
            switch (line) {
              case "start" -> new Command.StartRelease("v2");
              case "cutover" -> new Command.CutOver();
              case "rollback" -> Command.RollBack.losingNothing();
              case "resume" -> new Command.Resume();
              case "abort" -> new Command.Abort();
              default -> throw new IllegalArgumentException(line);
            };
        // Whatever comes of it is told when it comes: the console may be killed before.
        var _ =
            console
                .submit(command)
                .thenAccept(outcome ->
                    say(
                        switch (outcome) {
                              case Outcome.Done done -> "DONE ";
                              case Outcome.Refused refused -> "REFUSED ";
                              case Outcome.Failed failed -> "FAILED ";
                            }
                            + outcome.text()));
      }
    }
  }

  private static final Runnable DRIVES =
      new Runnable() {
        private boolean said;

        @Override
        public synchronized void run() {
          if (!said) {
            said = true;
            say("DRIVES");
          }
        }
      };

  private static synchronized void say(String line) {
    System.out.println(line.replace('\n', ' '));
    System.out.flush();
  }
}
