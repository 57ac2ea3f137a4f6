package dev.signalbox.app;

import dev.signalbox.Main;
import dev.signalbox.support.ChildJvm;
import dev.signalbox.support.ThreadDump;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// One `signalbox` command in a process of its own. Standard error is read with standard output.
final class CommandProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Process process;
  private final Thread reader;

  /// @param state where the program keeps the sockets of its drivers
  CommandProcess(Path environmentFile, Path state, String line) throws IOException {
    this(environmentFile, state, List.of(line.split(" ", -1)));
  }

  /// @param words of the command, without the environment's file
  CommandProcess(Path environmentFile, Path state, List<String> words) throws IOException {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of("-f", environmentFile.toString()));
    process = builder(state, all).redirectErrorStream(true).start();
    reader = Thread.ofVirtual().start(() -> ProcessOutput.read(process, lines::add));
  }

  /// How such a process is started.
  static ProcessBuilder builder(Path state, List<String> words) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(ChildJvm.command(Main.class));
    builder.command().addAll(words);
    builder.environment().put("XDG_STATE_HOME", state.toString());
    return builder;
  }

  boolean said(String text) {
    return lines.stream().anyMatch(line -> line.contains(text));
  }

  /// Everything that it wrote so far.
  String text() {
    return String.join("\n", lines);
  }

  boolean running() {
    return process.isAlive();
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

  /// Waits for its end.
  ///
  /// @return the exit code
  int code() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError(
          "it did not end: " + text() + "\nIts threads:\n" + ThreadDump.of(process));
    }
    reader.join();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
