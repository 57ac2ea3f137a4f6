package dev.signalbox.app;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/// Freezes and thaws a process, with what it started.
final class ProcessSignal {
  private ProcessSignal() {}

  static void freeze(ProcessHandle process) throws IOException, InterruptedException {
    send("STOP", process);
  }

  static void thaw(ProcessHandle process) throws IOException, InterruptedException {
    send("CONT", process);
  }

  /// A process that has ended is no error.
  private static void send(String name, ProcessHandle process)
      throws IOException, InterruptedException {
    List<String> pids =
        Stream.concat(Stream.of(process), process.descendants())
            .map(p -> Long.toString(p.pid()))
            .toList();
    int code =
        new ProcessBuilder(Stream.concat(Stream.of("kill", "-" + name), pids.stream()).toList())
            .start()
            .waitFor();
    if (code != 0 && process.isAlive()) {
      throw new IOException("kill -" + name + " ended with " + code);
    }
  }
}
