package dev.signalbox.engine.application.stack;

import dev.signalbox.engine.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The file by which a process is found again: `pid birth release`. The birth is what tells it from
/// a stranger that was given the same pid later: boot and start tick where the system has `/proc`,
/// else the start time.
///
/// @param release number of the release that started it
record PidFile(long pid, String birth, long release) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /// For `sh`: writes the file for the shell itself, then becomes the command, so that no moment
  /// exists in which the process runs and cannot be found. `$0` is the file, `$1` the release.
  static final String WRITE_AND_BECOME =
      "r=$1; shift; b=$(cat /proc/sys/kernel/random/boot_id);"
          + " t=$(set -- $(cat /proc/$$/stat); shift 21; echo \"$1\");"
          + " echo \"$$ $b:$t $r\" > \"$0.next\" && mv -f \"$0.next\" \"$0\" && exec \"$@\"";

  /// Whether [#WRITE_AND_BECOME] works here.
  static boolean writesItself() {
    return Files.isReadable(BOOT) && Files.isExecutable(Path.of("/bin/sh"));
  }

  /// Empty when there is none, or none that is whole.
  static Optional<PidFile> read(Path file) throws IOException {
    try {
      List<String> words = List.of(AtomicFile.read(file).strip().split(" ", -1));
      return words.size() == 3
          ? Optional.of(
              new PidFile(Long.parseLong(words.get(0)), words.get(1), Long.parseLong(words.get(2))))
          : Optional.empty();
    } catch (NoSuchFileException | NumberFormatException e) {
      // A file that is not whole names no process: it is replaced at the next start.
      return Optional.empty();
    }
  }

  void write(Path file) throws IOException {
    new AtomicFile(file).write(pid + " " + birth + " " + release + "\n");
  }

  /// The process, when it still is the one that was started.
  Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(handle -> birth.equals(birth(handle)));
  }

  /// @return empty when it is gone meanwhile
  static String birth(ProcessHandle handle) {
    Path stat = Path.of("/proc", Long.toString(handle.pid()), "stat");
    try {
      String boot = AtomicFile.read(BOOT).strip();
      String line = AtomicFile.read(stat);
      // The name in parentheses may hold anything, spaces too.
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      // State Z: ended, only not yet waited for.
      return fields[0].equals("Z") ? "" : boot + ":" + fields[19];
    } catch (IOException e) {
      // No /proc on this system, or the process is gone: then it has no start time either.
      return handle.info().startInstant().map(Instant::toString).orElse("");
    }
  }
}
