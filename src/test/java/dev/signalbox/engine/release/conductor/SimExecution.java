package dev.signalbox.engine.release.conductor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The clock and the tasks of one simulated console.
final class SimExecution implements Execution {
  private final SimScheduler scheduler;
  private final BooleanSupplier alive;
  private final Deque<Runnable> mailbox = new ArrayDeque<>();
  private boolean closed;

  private final SimTrace trace;

  SimExecution(SimScheduler scheduler, BooleanSupplier alive, SimTrace trace) {
    this.scheduler = scheduler;
    this.alive = alive;
    this.trace = trace;
  }

  /// A call does not answer.
  static final class Hang extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// What it does when nobody waits any more; null for nothing.
    final transient @Nullable Runnable late;

    Hang(@Nullable Runnable late) {
      super("does not answer", null, false, false);
      this.late = late;
    }
  }

  @Override
  public Instant now() {
    return scheduler.now();
  }

  @Override
  public long nanoTime() {
    return scheduler.nanoTime();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    scheduler.sleep(duration);
  }

  @Override
  public Task start(String name, Runnable work) {
    trace.starts(name);
    return scheduler.spawn(name, alive, work);
  }

  @Override
  public boolean interrupted() {
    return scheduler.current().interrupted();
  }

  @Override
  public <T> T within(Duration limit, String what, Callable<T> work) throws Exception {
    // A step takes its time.
    scheduler.sleep(Duration.ofMillis(scheduler.random.nextInt(8)));
    try {
      T result = work.call();
      scheduler.current().dieIfDead();
      return result;
    } catch (Hang hang) {
      Runnable late = hang.late;
      boolean running = late != null;
      if (late != null) {
        scheduler.late(limit.plusMillis(scheduler.random.nextInt(3000)), late);
      }
      StillRunning still = new StillRunning("'" + what + "' does not answer and may still act.");
      try {
        scheduler.sleep(limit);
      } catch (InterruptedException e) {
        if (running) {
          e.addSuppressed(still);
        }
        throw e;
      }
      throw running ? still : new TimeoutException("'" + what + "' does not answer.");
    }
  }

  @Override
  public boolean post(Runnable work) {
    if (closed || !alive.getAsBoolean()) {
      return false;
    }
    mailbox.add(work);
    scheduler.ready(() -> {
      Runnable next = mailbox.poll();
      if (next != null && alive.getAsBoolean()) {
        next.run();
      }
    });
    return true;
  }

  @Override
  public void later(Duration delay, Runnable work) {
    scheduler.later(delay, () -> post(work));
  }

  @Override
  public void close() {
    closed = true;
  }
}
