package dev.signalbox.engine.timing;

import java.time.Duration;

/// Looks again and again on a thread of its own, with a pause after each look, until it is closed.
public final class Poller implements AutoCloseable {
  private final Thread thread;

  /// @param name of its thread
  /// @param look may be interrupted by [#close]; what it throws otherwise ends the thread
  public Poller(String name, Duration pause, Look look) {
    this.thread = Thread.ofVirtual().name(name).start(() -> run(pause, look));
  }

  public interface Look {
    void look() throws InterruptedException;
  }

  private static void run(Duration pause, Look look) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        look.look();
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      // Closed: that is how this thread ends.
      Thread.currentThread().interrupt();
    }
  }

  /// Interrupts a look that is under way; waits for nothing.
  @Override
  public void close() {
    thread.interrupt();
  }
}
