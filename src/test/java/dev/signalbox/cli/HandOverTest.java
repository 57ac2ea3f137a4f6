package dev.signalbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.driver.DriverClient;
import dev.signalbox.driver.DriverServer;
import dev.signalbox.driver.DriverSocket;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView.Status;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands that hand their work to a resident driver, over a real socket.
@Timeout(60)
class HandOverTest {
  @TempDir Path folder;

  private static EngineSnapshot state(long version, Status status, Phase phase) {
    EngineSnapshot s = Snapshots.of(Snapshots.MINE, Snapshots.release(2, status, phase));
    return Snapshots.numbered(s, version);
  }

  private static ScriptedEngine starting(Outcome outcome) {
    return new ScriptedEngine(
        Snapshots.of(Snapshots.MINE, Snapshots.release(1, new Status.Completed(), Phase.CLEAN_UP)),
        (command, script) -> {
          script.event("Copied 100 rows.");
          script.show(state(2, new Status.Running("copy"), Phase.REPLICATE));
          script.end(outcome);
          script.event("In step.");
          script.show(state(3, new Status.Ready(), Phase.CUT_OVER));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"release start v2", "release start v2 --json"})
  void itsOutputAndExitCodeAreTheSame(String line) throws Exception {
    for (Outcome outcome : new Outcome[] {new Outcome.Done("Begun."), new Outcome.Refused("No.")}) {
      ScriptedRun own = new ScriptedRun(starting(outcome), null);
      int code = own.run(line);

      ScriptedEngine engine = starting(outcome);
      DriverSocket socket = new DriverSocket(folder.resolve("d").resolve("s"));
      try (DriverServer server = DriverServer.claim(socket)) {
        server.serve(engine);
        ScriptedRun handed = new ScriptedRun(engine, DriverClient.connect(socket).orElseThrow());
        assertThat(handed.run(line)).isEqualTo(code);
        assertThat(handed.opened).isEmpty();
        assertThat(handed.err())
            .isEqualTo(own.err().replace(" Release 2 is ready. Look at it.", ""));
        if (outcome instanceof Outcome.Done) {
          assertThat(handed.out()).isEqualTo(own.out());
        }
        assertThat(engine.submitted).containsExactly(new Command.StartRelease("v2"));
        assertThat(engine.closed).as("the driver goes on").isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " --json"})
  void aDriverThatEndsInTheMiddleIsSaidAndWhatToDo(String json) throws Exception {
    ScriptedEngine engine =
        new ScriptedEngine(state(1, new Status.Ready(), Phase.CUT_OVER), (command, script) -> {});
    DriverSocket socket = new DriverSocket(folder.resolve("d").resolve("s"));
    DriverServer server = DriverServer.claim(socket);
    server.serve(engine);
    ScriptedRun handed = new ScriptedRun(engine, DriverClient.connect(socket).orElseThrow());
    Thread.ofVirtual()
        .start(() -> {
          while (engine.submitted.isEmpty()) {
            LockSupport.parkNanos(1_000_000);
          }
          server.close();
        });

    assertThat(handed.run("release cutover" + json)).isEqualTo(ExitCode.FAILED);
    assertThat(handed.out() + handed.err())
        .contains("The resident driver ended before it told how this came out.", "release resume");
  }

  @Test
  void aDriverThatLooksOnIsExitCode3() throws Exception {
    ScriptedEngine engine =
        new ScriptedEngine(Snapshots.of(Snapshots.OTHERS, null), (command, script) -> {});
    DriverSocket socket = new DriverSocket(folder.resolve("d").resolve("s"));
    try (DriverServer server = DriverServer.claim(socket)) {
      server.serve(engine);
      ScriptedRun handed = new ScriptedRun(engine, DriverClient.connect(socket).orElseThrow());
      assertThat(handed.run("release resume")).isEqualTo(ExitCode.NOT_DRIVING);
      assertThat(engine.submitted).isEmpty();
    }
  }
}
