package dev.signalbox.engine.release.conductor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A clock and an order of events, both made from a seed. Whatever runs in it runs alone: a task
/// goes on only when it is given the turn, and gives it back at each [#pause] and [#sleep]. The
/// same seed gives the same run.
final class SimScheduler {
  /// Far above what a run that goes on needs.
  private static final int MOST_EVENTS = 500_000;

  final Random random;
  private final Instant start = Instant.parse("2026-01-01T00:00:00Z");
  private final List<Runnable> ready = new ArrayList<>();
  private final PriorityQueue<Timed> timed =
      new PriorityQueue<>(Comparator.comparingLong(Timed::at).thenComparingLong(Timed::order));
  private final Semaphore main = new Semaphore(0);
  private final List<SimTask> tasks = new ArrayList<>();
  private long nanos = 1;
  private long order;
  private int acting;
  private @Nullable SimTask current;
  private @Nullable Throwable failure;

  SimScheduler(long seed) {
    this.random = new Random(seed);
  }

  private record Timed(long at, long order, Runnable work) {}

  /// The process of a task is gone: the task ends here.
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("the process is gone", null, false, false);
    }
  }

  Instant now() {
    return start.plusNanos(nanos);
  }

  long nanoTime() {
    return nanos;
  }

  void ready(Runnable work) {
    ready.add(work);
  }

  void later(Duration delay, Runnable work) {
    timed.add(new Timed(nanos + Math.max(0, delay.toNanos()), order++, work));
  }

  /// After a while, when nobody waits for it any more.
  void late(Duration delay, Runnable work) {
    acting++;
    later(
        delay,
        () -> {
          acting--;
          work.run();
        });
  }

  /// Whether something that was given up is still to act.
  boolean acting() {
    return acting > 0;
  }

  /// Runs events until that much time has passed, or nothing is left to do.
  void run(Duration time) {
    long end = nanos + time.toNanos();
    long began = nanos;
    int events = 0;
    while (failure == null) {
      if (++events > MOST_EVENTS) {
        throw new AssertionError(
            "it does not come to rest: " + events + " events in " + (nanos - began) + " ns");
      }
      if (!ready.isEmpty()) {
        ready.remove(random.nextInt(ready.size())).run();
        continue;
      }
      Timed next = timed.peek();
      if (next == null || next.at() > end) {
        break;
      }
      timed.poll();
      nanos = Math.max(nanos, next.at());
      next.work().run();
    }
    nanos = Math.max(nanos, end);
    Throwable failed = failure;
    if (failed != null) {
      failure = null;
      throw failed instanceof AssertionError error ? error : new AssertionError(failed);
    }
  }

  /// Ends every task, so that no thread is left.
  void close() {
    List.copyOf(tasks).forEach(SimTask::kill);
  }

  /// @param alive whether the process that it belongs to still runs
  SimTask spawn(String name, BooleanSupplier alive, Runnable work) {
    SimTask task = new SimTask(name, alive, work);
    tasks.add(task);
    ready.add(task::turn);
    return task;
  }

  SimTask current() {
    return Objects.requireNonNull(current, "not in a task");
  }

  boolean inTask() {
    return current != null;
  }

  /// Lets others run.
  void pause() {
    SimTask task = current();
    // With nobody else to run it would only cost time.
    if (!ready.isEmpty()) {
      ready.add(task::turn);
      task.giveBack();
    }
  }

  /// @throws InterruptedException when the task is interrupted
  void sleep(Duration duration) throws InterruptedException {
    SimTask task = current();
    if (task.takeInterrupt()) {
      throw new InterruptedException("interrupted");
    }
    long sleep = ++task.sleeps;
    task.sleeping = true;
    later(
        duration,
        () -> {
          if (task.sleeping && task.sleeps == sleep) {
            task.sleeping = false;
            task.turn();
          }
        });
    task.giveBack();
    if (task.takeInterrupt()) {
      throw new InterruptedException("interrupted");
    }
  }

  /// Sleeps, interrupted or not; an interrupt is kept.
  void rest(Duration duration) {
    SimTask task = current();
    later(duration, task::turn);
    task.giveBack();
  }

  final class SimTask implements Execution.Task {
    private final String name;
    private final BooleanSupplier alive;
    private final Semaphore go = new Semaphore(0);
    private boolean interrupted;
    private boolean ended;
    private boolean killed;
    private boolean sleeping;
    private long sleeps;

    private SimTask(String name, BooleanSupplier alive, Runnable work) {
      this.name = name;
      this.alive = alive;
      var _ = Thread.ofVirtual().name(name).start(() -> live(work));
    }

    private void live(Runnable work) {
      go.acquireUninterruptibly();
      try {
        if (!killed && alive.getAsBoolean()) {
          work.run();
        }
      } catch (Killed e) {
        // The process is gone; this is how its tasks end.
        killed = true;
      } catch (Throwable e) {
        if (failure == null) {
          failure = new AssertionError("task '" + name + "' failed", e);
        }
      } finally {
        ended = true;
        tasks.remove(this);
        main.release();
      }
    }

    /// Runs it until it gives the turn back.
    private void turn() {
      if (ended) {
        return;
      }
      SimTask before = current;
      current = this;
      go.release();
      main.acquireUninterruptibly();
      current = before;
    }

    private void giveBack() {
      main.release();
      go.acquireUninterruptibly();
      dieIfDead();
    }

    void dieIfDead() {
      if (killed || !alive.getAsBoolean()) {
        throw new Killed();
      }
    }

    private void kill() {
      killed = true;
      while (!ended) {
        turn();
      }
    }

    private boolean takeInterrupt() {
      boolean was = interrupted;
      interrupted = false;
      return was;
    }

    boolean interrupted() {
      return takeInterrupt();
    }

    boolean isInterrupted() {
      return interrupted;
    }

    @Override
    public void interrupt() {
      if (ended) {
        return;
      }
      interrupted = true;
      if (sleeping) {
        sleeping = false;
        ready.add(this::turn);
      }
    }

    @Override
    public boolean ended() {
      return ended;
    }

    @Override
    public boolean join(Duration patience) {
      long end = nanos + patience.toNanos();
      while (!ended && nanos < end) {
        try {
          sleep(Duration.ofMillis(10));
        } catch (InterruptedException e) {
          interrupted = true;
          return ended;
        }
      }
      return ended;
    }
  }
}
