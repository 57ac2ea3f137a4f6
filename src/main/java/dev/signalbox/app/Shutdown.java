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
  private volatile boolean toldToEnd;

  /// Installs itself for Ctrl-C and SIGTERM.
  Shutdown() {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  toldToEnd = true;
                  close();
                },
                "signalbox-shutdown"));
  }

  /// Opens something and takes care of it from now on. The process does not end between the two.
  ///
  /// @throws IllegalStateException when the process is being ended; nothing was opened
  <T extends AutoCloseable, E extends Exception> T add(Opening<T, E> opening) throws E {
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("The process is being ended.");
      }
      T resource = opening.open();
      open.push(resource);
      return resource;
    }
  }

  /// Whether Ctrl-C or SIGTERM ended it: what fails from then on is a consequence and no news.
  boolean toldToEnd() {
    return toldToEnd;
  }

  /// Opens a resource, quickly.
  interface Opening<T extends AutoCloseable, E extends Exception> {
    T open() throws E;
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
