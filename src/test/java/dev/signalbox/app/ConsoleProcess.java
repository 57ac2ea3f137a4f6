package dev.signalbox.app;

import dev.signalbox.support.ChildJvm;
import dev.signalbox.support.ThreadDump;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A [MortalConsole] in a process of its own. Used by one thread.
final class ConsoleProcess implements AutoCloseable {
  /// It drives, nothing is under way, and the lever of the next move is free.
  static final String FREE_BLUE = "STATE mine Ready blue free";

  static final String FREE_GREEN = "STATE mine Watching green free";

  private final Path log;
  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private String state = "";
  private String parked = "";

  /// @param parkAfter writes to the journal; 0 for never
  ConsoleProcess(Path environmentFile, int parkAfter) throws IOException {
    log = log(environmentFile);
    List<String> words = new ArrayList<>(ChildJvm.command(MortalConsole.class));
    words.add(environmentFile.toString());
    words.add(Integer.toString(parkAfter));
    process =
        new ProcessBuilder(words)
            .redirectError(ProcessBuilder.Redirect.appendTo(log(environmentFile).toFile()))
            .start();
    Thread.ofVirtual().start(this::read);
  }

  /// Where all consoles of a site say what they have to say.
  static Path log(Path environmentFile) {
    return environmentFile.resolveSibling("consoles.log");
  }

  private void read() {
    ProcessOutput.read(process, lines::add);
    lines.add("ENDED");
  }

  ConsoleProcess send(String command) throws IOException {
    process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    return this;
  }

  /// Waits for a line that begins with one of these, or for a state that was said before and still
  /// holds; others are passed over.
  String await(String... beginnings) throws InterruptedException {
    drain();
    for (String beginning : beginnings) {
      if (state.startsWith(beginning)) {
        return state;
      } else if (!parked.isEmpty() && beginning.equals("PARKED")) {
        return parked;
      }
    }
    return awaitNews(beginnings);
  }

  /// Waits for a line that comes, or was not read yet.
  String awaitNews(String... beginnings) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      String line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null) {
        throw new AssertionError(
            "the console did not say any of "
                + List.of(beginnings)
                + ", but "
                + state
                + ": "
                + lastWords()
                + "\nIts threads:\n"
                + ThreadDump.of(process));
      }
      note(line);
      for (String beginning : beginnings) {
        if (line.startsWith(beginning)) {
          return line;
        }
      }
      if (line.equals("ENDED")) {
        throw new AssertionError(
            "the console ended without saying " + List.of(beginnings) + ": " + lastWords());
      }
    }
  }

  private String lastWords() {
    try {
      List<String> said = Files.readAllLines(log);
      return String.join("\n", said.subList(Math.max(0, said.size() - 40), said.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// Takes in the states that lie before anything else.
  private void drain() throws InterruptedException {
    for (String line = lines.peek();
        line != null && line.startsWith("STATE");
        line = lines.peek()) {
      note(lines.take());
    }
  }

  private void note(String line) {
    if (line.startsWith("STATE")) {
      state = line;
    } else if (line.startsWith("PARKED")) {
      parked = line;
    }
  }

  /// SIGKILL.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  void freeze() throws IOException, InterruptedException {
    ProcessSignal.freeze(process.toHandle());
  }

  void thaw() throws IOException, InterruptedException {
    ProcessSignal.thaw(process.toHandle());
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
