package dev.signalbox.engine.database.route;

import dev.signalbox.engine.DurationText;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One run of a program: no shell, nothing to read, no variables of the console but those that
/// every program needs, and an end after its limit, with all that it started.
///
/// @param words program and arguments
record CommandRun(List<String> words, Duration limit) {
  private static final Set<String> INHERITED =
      Set.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "SystemRoot", "TEMP");

  private static final int MOST = 64 << 10;
  private static final int BRIEF = 200;

  /// What it printed, both streams.
  ///
  /// @throws IOException with a sentence, when it does not start, fails or does not end in time
  String output() throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().keySet().retainAll(INHERITED);
    Process process;
    try {
      process =
          builder
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(nothing()))
              .start();
    } catch (IOException e) {
      throw new IOException(
          "The command " + words.getFirst() + " does not start: " + e.getMessage() + ".", e);
    }
    FutureTask<String> reading = new FutureTask<>(() -> read(process.getInputStream()));
    Thread.ofPlatform().daemon().name("output of " + words.getFirst()).start(reading);
    long end = System.nanoTime() + limit.toNanos();
    try {
      // Both: a child that it left behind may keep the output open.
      if (process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        String said = reading.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (process.exitValue() == 0) {
          return said;
        }
        throw new IOException(
            "The command "
                + words.getFirst()
                + " ended with "
                + process.exitValue()
                + (said.isBlank() ? "." : ": '" + brief(said) + "'."));
      }
      throw late(new TimeoutException(words.getFirst()));
    } catch (TimeoutException e) {
      throw late(e);
    } catch (ExecutionException e) {
      throw new IOException("The output of " + words.getFirst() + " cannot be read.", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private IOException late(TimeoutException e) {
    return new IOException(
        "The command "
            + words.getFirst()
            + " did not end within "
            + DurationText.words(limit)
            + " and was ended.",
        e);
  }

  private static File nothing() {
    return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
  }

  /// Reads to the end, and keeps the beginning.
  private static String read(InputStream in) throws IOException {
    byte[] kept = in.readNBytes(MOST);
    in.skip(Long.MAX_VALUE);
    return new String(kept, StandardCharsets.UTF_8);
  }

  /// The last line that says something, shortened, and harmless to a terminal.
  static String brief(String output) {
    String last =
        output
            .lines()
            .filter(line -> !line.isBlank())
            .reduce((before, line) -> line)
            .orElse("")
            .replaceAll("\\p{Cntrl}", "�")
            .strip();
    return last.length() <= BRIEF ? last : last.substring(0, BRIEF - 1) + "…";
  }
}
