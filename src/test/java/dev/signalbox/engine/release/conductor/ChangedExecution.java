package dev.signalbox.engine.release.conductor;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;

/// Clock and tasks that are as others but for what a subclass overrides.
class ChangedExecution implements Execution {
  private final Execution real;

  ChangedExecution(Execution real) {
    this.real = real;
  }

  @Override
  public <T> T within(Duration limit, String what, Callable<T> work) throws Exception {
    return real.within(limit, what, work);
  }

  @Override
  public Instant now() {
    return real.now();
  }

  @Override
  public long nanoTime() {
    return real.nanoTime();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    real.sleep(duration);
  }

  @Override
  public Task start(String name, Runnable work) {
    return real.start(name, work);
  }

  @Override
  public boolean interrupted() {
    return real.interrupted();
  }

  @Override
  public boolean post(Runnable work) {
    return real.post(work);
  }

  @Override
  public void later(Duration delay, Runnable work) {
    real.later(delay, work);
  }

  @Override
  public void close() {
    real.close();
  }
}
