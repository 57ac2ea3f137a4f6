package dev.signalbox.demo;

import dev.signalbox.engine.application.stack.ProcessDriver;
import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// Starts and stops the processes of a demo; starts nothing any more once the demo is closed.
/// Thread-safe.
final class DemoProcesses {
  /// Each answers requests under way first.
  private static final Duration STOP = Duration.ofSeconds(5);

  private final ProcessDriver driver = new ProcessDriver();
  private volatile boolean closed;

  void close() {
    closed = true;
  }

  /// What starts something.
  interface Start {
    void run() throws IOException, InterruptedException;
  }

  /// Starts nothing once the demo is being closed.
  boolean unlessClosed(Start start) throws IOException, InterruptedException {
    checkOpen();
    start.run();
    return true;
  }

  void start(ProcessSettings process) throws IOException, InterruptedException {
    boolean _ = unlessClosed(() -> driver.start(process, 0));
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("The demo was ended.");
    }
  }

  /// Waits until the process has said where it listens.
  ReadyFile awaitReady(ProcessSettings process, Path file, Duration patience)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!Files.exists(file)) {
      checkRuns(List.of(process));
      if (System.nanoTime() > end) {
        throw new IOException(
            "'%s' did not say within %d s where it listens.%s"
                .formatted(
                    process.name(),
                    patience.toSeconds(),
                    endOfLog(process, driver.lastLines(process))));
      }
      Thread.sleep(20);
    }
    return ReadyFile.read(file);
  }

  /// Waits until the addresses answer.
  ///
  /// @param behind the processes whose answers they are
  void awaitAnswers(List<URI> addresses, List<ProcessSettings> behind, Duration patience)
      throws IOException, InterruptedException {
    try {
      DemoProbe.await(addresses, patience, () -> checkRuns(behind));
    } catch (TimeoutException e) {
      StringBuilder text = new StringBuilder(String.valueOf(e.getMessage()));
      for (ProcessSettings process : behind) {
        text.append(endOfLog(process, driver.lastLines(process)));
      }
      throw new IOException(text.toString(), e);
    }
  }

  /// @throws IOException when one of them has ended: nothing will come of it any more
  private void checkRuns(List<ProcessSettings> processes) throws IOException {
    checkOpen();
    for (ProcessSettings process : processes) {
      if (driver.status(process) instanceof ProcessDriver.Status.Ended(String lastLines)) {
        throw new IOException("'" + process.name() + "' has ended." + endOfLog(process, lastLines));
      }
    }
  }

  private static String endOfLog(ProcessSettings process, String lines) {
    return "\nThe end of the log of '" + process.name() + "':\n" + lines;
  }

  /// Again when a console is starting it at this very moment: it stops that when it is closed.
  void stop(ProcessSettings process, Duration patience) throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        driver.stop(process, STOP);
        return;
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(20);
      }
    }
  }
}
