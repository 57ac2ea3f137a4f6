package dev.signalbox.app;

import dev.signalbox.demo.DemoSite;
import dev.signalbox.engine.application.stack.ProcessDriver;
import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import dev.signalbox.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Entry, query cluster, backends and frontends of a site, as their machine sees them: killed and
/// frozen from outside, and started again as a service manager would, with the same command. Used
/// by one thread.
final class ServiceProcesses {
  private final ProcessDriver driver = new ProcessDriver();
  private final Map<String, ProcessSettings> processes = new TreeMap<>();

  ServiceProcesses(DemoSite site) {
    site.shared().forEach(p -> processes.put(p.name(), p));
    site.application()
        .stacks()
        .forEach((colour, stack) ->
            stack.processes().forEach(p -> processes.put(colour.id() + " " + p.name(), p)));
  }

  private ProcessSettings process(String name) {
    ProcessSettings process = processes.get(name);
    if (process == null) {
      throw new IllegalArgumentException(name + " is none of " + processes.keySet());
    }
    return process;
  }

  /// @return false when it does not run
  boolean kill(String name) throws IOException {
    Optional<ProcessHandle> found = running(process(name));
    found.ifPresent(p -> {
      var _ = p.destroyForcibly();
      p.onExit().join();
    });
    return found.isPresent();
  }

  /// @return false when it does not run
  boolean freeze(String name) throws IOException, InterruptedException {
    Optional<ProcessHandle> found = running(process(name));
    if (found.isPresent()) {
      ProcessSignal.freeze(found.get());
    }
    return found.isPresent();
  }

  /// Thaws what is frozen, and starts what died and was not stopped by anybody.
  void mend() throws IOException, InterruptedException {
    for (ProcessSettings process : processes.values()) {
      Optional<ProcessHandle> running = running(process);
      if (running.isPresent()) {
        ProcessSignal.thaw(running.get());
      } else if (driver.status(process) instanceof ProcessDriver.Status.Ended) {
        start(process);
      }
    }
  }

  private Optional<ProcessHandle> running(ProcessSettings process) throws IOException {
    return driver.status(process) instanceof ProcessDriver.Status.Running(long pid, long _)
        ? ProcessHandle.of(pid)
        : Optional.empty();
  }

  /// A console may be at it in the same moment.
  private void start(ProcessSettings process) throws InterruptedException {
    Await.until(
        process.name() + " runs",
        () -> {
          var _ = driver.start(process, release(process));
          return true;
        });
  }

  /// The number that its pid file gives: who started it must stay known.
  private static long release(ProcessSettings process) throws IOException {
    Path file = process.folder().resolve(process.name() + ".pid");
    if (!Files.exists(file)) {
      return 0;
    }
    String[] words = Files.readString(file).strip().split(" ", -1);
    return words.length == 3 ? Long.parseLong(words[2]) : 0;
  }
}
