package dev.signalbox.app;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.release.conductor.ReleaseEngine;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

/// Main class of a console that a test talks to, one line a command, and kills: `MortalConsole
/// <signalbox.yaml> <moments until it parks, 0 for never>`. Prints `STATE` with what it shows
/// whenever that changes, `DONE`, `REFUSED` or `FAILED` with a sentence for each command, and
/// `PARKED` when it waits to be killed. `park n` begins to count the moments, see [Parking].
final class MortalConsole {
  private static final AtomicReference<String> LAST = new AtomicReference<>("");

  private MortalConsole() {}

  public static void main(String[] arguments) throws Exception {
    var environment = Consoles.read(Path.of(arguments[0]));
    int moments = Integer.parseInt(arguments[1]);
    Parking parking = new Parking(moments, last -> say("PARKED " + last));
    try (Console console =
            new Console(
                environment,
                ReleaseEngine.Role.DRIVE,
                journal -> new ParkingJournal(journal, parking),
                plane -> new ParkingPlane(plane, parking));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      var _ = console.observe(MortalConsole::show);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("park ")) {
          parking.parkAfter(Integer.parseInt(line.substring(5)));
        } else {
          // Whatever comes of it is told when it comes: the console may be killed before.
          var _ = console.submit(command(line, environment.name())).thenAccept(MortalConsole::tell);
        }
      }
    }
  }

  private static Command command(String line, String environment) {
    return switch (line) {
      case "start" -> new Command.StartRelease("v2");
      case "cutover" -> new Command.CutOver();
      case "rollback" -> Command.RollBack.losingNothing();
      case "resume" -> new Command.Resume();
      case "give-up" -> new Command.GiveUp(environment);
      default -> {
        if (line.startsWith("takeover ")) {
          yield new Command.TakeOver(line.substring("takeover ".length()));
        }
        throw new IllegalArgumentException(line);
      }
    };
  }

  private static void tell(Outcome outcome) {
    say(
        switch (outcome) {
              case Outcome.Done done -> "DONE ";
              case Outcome.Refused refused -> "REFUSED ";
              case Outcome.Failed failed -> "FAILED ";
            }
            + outcome.text());
  }

  /// On the engine's thread.
  private static void show(EngineSnapshot s) {
    ReleaseView release = s.release();
    Colour live = s.live();
    String status = release == null ? "None" : release.status().getClass().getSimpleName();
    boolean settled = status.equals("Ready") || status.equals("Watching");
    boolean free =
        s.lease().mine()
            && settled
            && (live == Colour.BLUE
                ? s.lever(LeverId.CUT_OVER).locked().isEmpty()
                : live == Colour.GREEN
                    && s.wayBack().possible()
                    && s.wayBack().wordsToType().isEmpty());
    String line =
        "STATE "
            + (s.lease().mine() ? "mine" : "other")
            + " "
            + status
            + " "
            + (live == null ? "none" : live)
            + " "
            + (free ? "free" : "locked");
    if (!line.equals(LAST.getAndSet(line))) {
      say(line);
    }
  }

  private static synchronized void say(String line) {
    System.out.println(line.replace('\n', ' '));
    System.out.flush();
  }
}
