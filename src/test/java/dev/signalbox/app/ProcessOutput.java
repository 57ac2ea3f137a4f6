package dev.signalbox.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// What a process writes to standard output.
final class ProcessOutput {
  private ProcessOutput() {}

  /// Reads until the process closes it.
  ///
  /// @param lines hears each line; one that begins with `BROKEN` says that reading failed
  static void read(Process process, Consumer<String> lines) {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.accept(line);
      }
    } catch (IOException e) {
      lines.accept("BROKEN " + e);
    }
  }
}
