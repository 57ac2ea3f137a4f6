package dev.signalbox.demo;

import dev.signalbox.engine.application.stack.ProcessDriver;
import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

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

  boolean closed() {
    return closed;
  }

  /// What starts something.
  interface Start {
    void run() throws IOException, InterruptedException;
  }

  /// Starts nothing once the demo is being closed.
  boolean unlessClosed(Start start) throws IOException, InterruptedException {
    if (closed) {
      throw new IOException("The demo was ended.");
    }
    start.run();
    return true;
  }

  void start(ProcessSettings process) throws IOException, InterruptedException {
    boolean _ = unlessClosed(() -> driver.start(process, 0));
  }

  /// Waits until the process has said where it listens.
  ReadyFile awaitReady(ProcessSettings process, Path file, Duration patience)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!Files.exists(file)) {
      if (closed || System.nanoTime() > end) {
        throw new IOException(
            "'" + process.name() + "' did not start: " + driver.lastLines(process));
      }
      Thread.sleep(20);
    }
    return ReadyFile.read(file);
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
