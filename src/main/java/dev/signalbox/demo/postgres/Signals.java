package dev.signalbox.demo.postgres;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Sends POSIX signals to processes of ours; Java itself knows only TERM and KILL.
final class Signals {
  /// The shell's own `kill`: a program of that name is not installed everywhere.
  private static final String KILL = "kill -s \"$0\" \"$@\"";

  private Signals() {}

  /// @param name for example `INT`, `QUIT`, `STOP`, `CONT`
  /// @throws IOException when no shell can be started; a process that has already ended is no error
  static void send(String name, List<ProcessHandle> processes)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", KILL, name));
    processes.stream()
        .filter(ProcessHandle::isAlive)
        .map(p -> Long.toString(p.pid()))
        .forEach(command::add);
    if (command.size() == 4) {
      return;
    }
    Process kill =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!kill.waitFor(2, TimeUnit.SECONDS)) {
      kill.destroyForcibly();
    }
  }
}
