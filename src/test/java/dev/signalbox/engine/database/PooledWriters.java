package dev.signalbox.engine.database;

import dev.signalbox.demo.postgres.PgBouncerProcess;
import dev.signalbox.support.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Applications that write through poolers, each over one connection for ever, and take any error
/// for a failure.
final class PooledWriters implements AutoCloseable {
  final List<SQLException> errors = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong longest = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  PooledWriters(PgBouncerProcess.Application as, int count, PgBouncerProcess... through) {
    for (int i = 0; i < count; i++) {
      PgBouncerProcess mine = through[i % through.length];
      threads.add(Thread.ofVirtual().start(() -> write(mine, as)));
    }
  }

  private void write(PgBouncerProcess through, PgBouncerProcess.Application as) {
    try (Connection c = through.connect(as);
        PreparedStatement insert = c.prepareStatement("INSERT INTO item VALUES (?)")) {
      while (!stopped) {
        long start = System.nanoTime();
        insert.setLong(1, next.incrementAndGet());
        insert.executeUpdate();
        done.incrementAndGet();
        longest.accumulateAndGet(System.nanoTime() - start, Math::max);
        LockSupport.parkNanos(2_000_000);
      }
    } catch (SQLException e) {
      errors.add(e);
    }
  }

  /// Waits for so many more rows, or the first error.
  void more(int rows) throws InterruptedException {
    long wanted = done.get() + rows;
    Await.until(rows + " more rows", () -> done.get() >= wanted || !errors.isEmpty());
  }

  long committed() {
    return done.get();
  }

  /// The write that took longest since [#newMeasurement].
  Duration longest() {
    return Duration.ofNanos(longest.get());
  }

  void newMeasurement() {
    longest.set(0);
  }

  void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() {
    stopped = true;
  }
}
