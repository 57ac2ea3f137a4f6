package dev.signalbox.engine.application.stack;

import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs processes on this machine. Thread-safe, also between consoles: a file lock per process
/// keeps two from starting it twice.
///
/// Each has `<name>.pid` and `<name>.log` in its folder. It does not end with the console, nor by a
/// Ctrl-C in the console's terminal where `setsid` is there to see to it.
public final class ProcessDriver {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessDriver.class);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final long LONGEST_LOG = 10L << 20;
  private static final int LAST_LINES = 15;

  /// What a process is given of the console's own variables: the console may hold secrets in
  /// others.
  private static final Set<String> INHERITED =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "LANG",
          "LC_ALL",
          "TZ",
          "TMPDIR",
          "JAVA_HOME",
          "SystemRoot",
          "TEMP",
          "TMP");

  private final Duration atOnce;

  public ProcessDriver() {
    this(Duration.ofMillis(250));
  }

  /// @param atOnce how soon after its start a process that ends has failed to start
  ProcessDriver(Duration atOnce) {
    this.atOnce = atOnce;
  }

  /// What is known of a process.
  public sealed interface Status {
    /// @param release number of the release that started it
    record Running(long pid, long release) implements Status {}

    /// It was started and is not there any more.
    ///
    /// @param lastLines of its log
    record Ended(String lastLines) implements Status {}

    record NeverStarted() implements Status {}
  }

  public Status status(ProcessSettings process) throws IOException {
    Optional<PidFile> file = PidFile.read(pidFile(process));
    if (file.isEmpty()) {
      return new Status.NeverStarted();
    }
    return file.get().process().isPresent()
        ? new Status.Running(file.get().pid(), file.get().release())
        : new Status.Ended(lastLines(process));
  }

  /// Starts it unless it runs.
  ///
  /// @param release number of the release that needs it
  /// @return whether it was started now; false when it ran already and was adopted
  /// @throws IOException when it cannot be started or ends at once, with the last lines of its log
  public boolean start(ProcessSettings process, long release)
      throws IOException, InterruptedException {
    Files.createDirectories(process.folder());
    try (FileChannel channel = lockFile(process);
        FileLock lock = lock(process, channel)) {
      LOG.debug("Holding {}", lock);
      if (status(process) instanceof Status.Running) {
        return false;
      }
      Files.deleteIfExists(pidFile(process));
      rotate(process);
      Process started = builder(process, release).start();
      if (!PidFile.writesItself()) {
        new PidFile(started.pid(), PidFile.birth(started.toHandle()), release)
            .write(pidFile(process));
      }
      if (endsAtOnce(process, started)) {
        Files.deleteIfExists(pidFile(process));
        throw new IOException(
            "The process "
                + process.name()
                + " ended at once with code "
                + started.exitValue()
                + ". The end of its log "
                + logFile(process)
                + ":\n"
                + lastLines(process));
      }
      LOG.info("Started {} as process {}", process.name(), started.pid());
      return true;
    } catch (IOException e) {
      throw new IOException(
          "The process " + process.name() + " could not be started: " + e.getMessage(), e);
    }
  }

  /// Returns once it is sure that the process can be found again.
  private boolean endsAtOnce(ProcessSettings process, Process started)
      throws IOException, InterruptedException {
    boolean findable = false;
    try {
      while (!findable) {
        if (started.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
          return true;
        }
        findable = PidFile.read(pidFile(process)).isPresent();
      }
      // Only now has it become the command: what came before was the shell's time.
      return started.waitFor(atOnce.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      if (!findable) {
        // Interrupted: nobody would ever find it.
        started.destroyForcibly();
      }
    }
  }

  private ProcessBuilder builder(ProcessSettings process, long release) {
    List<String> command = new ArrayList<>();
    onPath("setsid").ifPresent(command::add);
    if (PidFile.writesItself()) {
      command.addAll(
          List.of(
              "/bin/sh",
              "-c",
              PidFile.WRITE_AND_BECOME,
              pidFile(process).toAbsolutePath().toString(),
              Long.toString(release)));
    }
    command.addAll(process.command());
    ProcessBuilder builder = new ProcessBuilder(command).directory(process.folder().toFile());
    Map<String, String> variables = builder.environment();
    variables.keySet().retainAll(INHERITED);
    variables.putAll(process.variables());
    File nothing = new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
    return builder
        .redirectInput(ProcessBuilder.Redirect.from(nothing))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile(process).toFile()));
  }

  private static Optional<String> onPath(String program) {
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "" : path).split(File.pathSeparator, -1)) {
      Path candidate = Path.of(folder, program);
      if (Files.isExecutable(candidate)) {
        return Optional.of(candidate.toString());
      }
    }
    return Optional.empty();
  }

  /// Asks it to end, and ends it after `patience`. Also what it started itself. Never touches a
  /// process that is not the one of the pid file.
  ///
  /// @return whether it ran
  public boolean stop(ProcessSettings process, Duration patience)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(process.folder())) {
      return false;
    }
    try (FileChannel channel = lockFile(process);
        FileLock lock = lock(process, channel)) {
      LOG.debug("Holding {}", lock);
      Optional<ProcessHandle> found = PidFile.read(pidFile(process)).flatMap(PidFile::process);
      if (found.isPresent()) {
        end(process, found.get(), patience);
      }
      Files.deleteIfExists(pidFile(process));
      return found.isPresent();
    }
  }

  private static void end(ProcessSettings process, ProcessHandle handle, Duration patience)
      throws IOException, InterruptedException {
    List<ProcessHandle> all = new ArrayList<>(handle.descendants().toList());
    all.add(handle);
    all.reversed().forEach(ProcessHandle::destroy);
    if (!awaitEnd(all, patience)) {
      LOG.warn(
          "{} did not end within {} s after it was asked to: it is killed",
          process.name(),
          patience.toMillis() / 1000.0);
      all.forEach(ProcessHandle::destroyForcibly);
      if (!awaitEnd(all, Duration.ofSeconds(5))) {
        throw new IOException(
            "The process "
                + process.name()
                + " ("
                + handle.pid()
                + ") cannot be killed."
                + " It may hang in the kernel, on a disk or a network file system.");
      }
    }
  }

  private static boolean awaitEnd(List<ProcessHandle> handles, Duration patience)
      throws InterruptedException {
    CompletableFuture<?>[] exits =
        handles.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(exits).get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static FileChannel lockFile(ProcessSettings process) throws IOException {
    return FileChannel.open(
        process.folder().resolve(process.name() + ".lock"),
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
  }

  private static FileLock lock(ProcessSettings process, FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (java.nio.channels.OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new IOException("another console is starting or stopping " + process.name() + ".");
    }
    return lock;
  }

  private static Path pidFile(ProcessSettings process) {
    return process.folder().resolve(process.name() + ".pid");
  }

  static Path logFile(ProcessSettings process) {
    return process.folder().resolve(process.name() + ".log");
  }

  private static void rotate(ProcessSettings process) throws IOException {
    Path log = logFile(process);
    if (Files.exists(log) && Files.size(log) > LONGEST_LOG) {
      Files.move(
          log, log.resolveSibling(process.name() + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// The end of its log, for a sentence to a person.
  public String lastLines(ProcessSettings process) throws IOException {
    Path log = logFile(process);
    if (!Files.exists(log)) {
      return "(no log)";
    }
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
      long size = channel.size();
      java.nio.ByteBuffer end = java.nio.ByteBuffer.allocate((int) Math.min(size, 8 << 10));
      channel.read(end, size - end.capacity());
      String text = new String(end.array(), 0, end.position(), StandardCharsets.UTF_8);
      List<String> lines = text.lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
  }
}
