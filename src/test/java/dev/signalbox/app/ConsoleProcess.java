package dev.signalbox.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A [MortalConsole] in a process of its own.
final class ConsoleProcess implements AutoCloseable {
  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  /// @param parkAfter writes to the journal; 0 for never
  ConsoleProcess(Path environmentFile, int parkAfter) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MortalConsole.class.getName(),
                environmentFile.toString(),
                Integer.toString(parkAfter))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Thread.ofVirtual()
        .start(() -> {
          try (BufferedReader out =
              new BufferedReader(
                  new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
              lines.add(line);
            }
          } catch (IOException e) {
            lines.add("BROKEN " + e);
          }
          lines.add("ENDED");
        });
  }

  ConsoleProcess send(String command) throws IOException {
    process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    return this;
  }

  /// Waits for a line that begins with one of these; others are passed over.
  String await(String... beginnings) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      String line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null) {
        throw new AssertionError("the console did not say any of " + List.of(beginnings));
      }
      for (String beginning : beginnings) {
        if (line.startsWith(beginning)) {
          return line;
        }
      }
      if (line.equals("ENDED")) {
        throw new AssertionError("the console ended without saying " + List.of(beginnings));
      }
    }
  }

  /// SIGKILL.
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int code =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (code != 0) {
      throw new IOException("kill -" + name + " ended with " + code);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
