package dev.signalbox.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes what was opened, the last first, once: at the end, or when the process is told to end.
/// Thread-safe.
final class Shutdown implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private boolean closed;

  /// Installs itself for Ctrl-C and SIGTERM.
  Shutdown() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "signalbox-shutdown"));
  }

  /// Takes care of `resource` from now on; when it is too late for that, closes it at once.
  ///
  /// @throws IllegalStateException when the process is being ended
  <T extends AutoCloseable> T add(T resource) {
    synchronized (this) {
      if (!closed) {
        open.push(resource);
        return resource;
      }
    }
    end(resource);
    throw new IllegalStateException("The process is being ended.");
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      // Whoever comes second waits here until everything is closed: the process must not end
      // before.
      while (!open.isEmpty()) {
        end(open.pop());
      }
    }
  }

  private static void end(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      LOG.warn("{} did not close", resource.getClass().getSimpleName(), e);
    }
  }
}
