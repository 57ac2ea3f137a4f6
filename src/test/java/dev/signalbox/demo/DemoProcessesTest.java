package dev.signalbox.demo;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoProcessesTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(100);

  @TempDir Path folder;

  private final DemoProcesses processes = new DemoProcesses();

  /// It lives longer than what a start waits for.
  private ProcessSettings ending() {
    return process("sleep 0.6; echo 'Port 7 cannot be used'; exit 1");
  }

  private ProcessSettings process(String script) {
    return new ProcessSettings("backend", List.of("/bin/sh", "-c", script), Map.of(), folder);
  }

  @Test
  void aProcessThatHasEndedIsNotWaitedFor() throws Exception {
    ProcessSettings process = ending();
    processes.start(process);

    assertThatThrownBy(() ->
            processes.awaitAnswers(
                List.of(URI.create("http://127.0.0.1:1/")), List.of(process), LONG))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("'backend' has ended.")
        .hasMessageContaining("Port 7 cannot be used");
  }

  @Test
  void aProcessThatEndsBeforeItIsReadyIsNotWaitedFor() throws Exception {
    ProcessSettings process = ending();
    processes.start(process);

    assertThatThrownBy(() -> processes.awaitReady(process, folder.resolve("ready"), LONG))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("'backend' has ended.")
        .hasMessageContaining("Port 7 cannot be used");
  }

  @Test
  void whatASilentProcessSaidLastIsTold() throws Exception {
    ProcessSettings process = process("echo 'I am busy'; exec sleep 60");
    processes.start(process);
    try {
      assertThatThrownBy(() ->
              processes.awaitAnswers(
                  List.of(URI.create("http://127.0.0.1:1/")), List.of(process), SHORT))
          .hasMessageContaining("http://127.0.0.1:1/ did not answer within 0 s")
          .hasMessageContaining("I am busy");
    } finally {
      processes.stop(process, LONG);
    }
  }

  @Test
  void nothingIsAwaitedOnceTheDemoIsClosed() throws Exception {
    ProcessSettings process = process("exec sleep 60");
    processes.start(process);
    try {
      processes.close();

      assertThatThrownBy(() -> processes.awaitReady(process, folder.resolve("ready"), LONG))
          .hasMessageContaining("The demo was ended.");
    } finally {
      processes.stop(process, LONG);
    }
  }
}
