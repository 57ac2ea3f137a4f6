package dev.signalbox.engine.application.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.application.stack.ProcessDriver.Status;
import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import dev.signalbox.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProcessDriverTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private @TempDir Path folder;
  private final ProcessDriver driver = new ProcessDriver();
  private final ProcessDriver another = new ProcessDriver();

  /// For what ends by itself: on a machine with much to do that takes its time.
  private final ProcessDriver patient = new ProcessDriver(Duration.ofSeconds(20));

  private ProcessSettings shell(String script) {
    return new ProcessSettings(
        "backend", List.of("/bin/sh", "-c", script), Map.of("GREETING", "hello you"), folder);
  }

  @AfterEach
  void stop() throws Exception {
    driver.stop(shell(""), Duration.ofMillis(100));
  }

  private long pid(ProcessSettings process) throws IOException {
    return ((Status.Running) driver.status(process)).pid();
  }

  @Test
  void startsOnceAndIsAdoptedAndStoppedByAnotherConsole() throws Exception {
    ProcessSettings process = shell("echo $GREETING; exec sleep 600");
    assertThat(driver.status(process)).isInstanceOf(Status.NeverStarted.class);
    assertThat(driver.start(process, 7)).isTrue();
    long pid = pid(process);
    Await.until("its greeting", () -> driver.lastLines(process).equals("hello you"));
    assertThat(another.start(process, 8)).isFalse();
    assertThat(another.status(process)).isEqualTo(new Status.Running(pid, 7));
    assertThat(another.stop(process, PATIENCE)).isTrue();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(driver.status(process)).isInstanceOf(Status.NeverStarted.class);
    assertThat(driver.lastLines(process)).isEqualTo("hello you");
    assertThat(driver.stop(process, PATIENCE)).isFalse();
  }

  @Test
  void reportsWhatEndsAtOnceWithItsLastWords() throws Exception {
    ProcessSettings process = shell("echo the port is taken >&2; exit 3");
    assertThatThrownBy(() -> patient.start(process, 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("code 3")
        .hasMessageContaining("the port is taken");
    assertThat(driver.status(process)).isInstanceOf(Status.NeverStarted.class);
  }

  @Test
  void reportsACommandThatIsNotThere() {
    ProcessSettings process =
        new ProcessSettings("backend", List.of("/no/such/command"), Map.of(), folder);
    assertThatThrownBy(() -> patient.start(process, 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/no/such/command");
  }

  @Test
  void seesThatItEndedLater() throws Exception {
    ProcessSettings process = shell("echo last words; exec sleep 600");
    driver.start(process, 1);
    Await.until("its words", () -> driver.lastLines(process).equals("last words"));
    ProcessHandle handle = ProcessHandle.of(pid(process)).orElseThrow();
    handle.destroyForcibly();
    handle.onExit().get(10, TimeUnit.SECONDS);
    assertThat(driver.status(process)).isEqualTo(new Status.Ended("last words"));
    assertThat(driver.start(process, 2)).isTrue();
    assertThat(driver.status(process))
        .isInstanceOfSatisfying(
            Status.Running.class, now -> assertThat(now.release()).isEqualTo(2));
  }

  @Test
  void neverTouchesAStrangerWithItsPid() throws Exception {
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      Files.writeString(folder.resolve("backend.pid"), stranger.pid() + " boot:1 1\n");
      assertThat(driver.status(shell(""))).isInstanceOf(Status.Ended.class);
      assertThat(driver.stop(shell(""), PATIENCE)).isFalse();
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void killsWhatDoesNotWantToEndAndWhatItStarted() throws Exception {
    ProcessSettings process =
        shell("trap '' TERM; sleep 600 & echo $! > child; echo ready; while :; do sleep 0.1; done");
    driver.start(process, 1);
    Path child = folder.resolve("child");
    Await.until("the child's pid", () -> Files.exists(child) && Files.size(child) > 0);
    long childPid = Long.parseLong(Files.readString(child).strip());
    long pid = pid(process);
    driver.stop(process, Duration.ofMillis(200));
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(ProcessHandle.of(childPid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void leavesTheConsolesOtherVariablesBehind() throws Exception {
    ProcessSettings process = shell("env > new; mv new variables; exec sleep 600");
    driver.start(process, 1);
    Path variables = folder.resolve("variables");
    Await.until("its variables", () -> Files.exists(variables));
    List<String> names =
        Files.readAllLines(variables).stream().map(line -> line.split("=", 2)[0]).toList();
    assertThat(names).contains("GREETING", "PATH");
    assertThat(System.getenv().keySet()).contains("PATH");
    assertThat(names).doesNotContain("MAVEN_CMD_LINE_ARGS", "MAVEN_PROJECTBASEDIR");
  }

  @Test
  void livesInASessionOfItsOwnWhereTheSystemCanDoThat() throws Exception {
    ProcessSettings process = shell("exec sleep 600");
    driver.start(process, 1);
    long pid = pid(process);
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String session = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3];
      assertThat(session).isEqualTo(Long.toString(pid));
    }
  }
}
