package dev.signalbox.engine.database;

import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Applications that move money on whatever side they are told to use. A refused transfer is tried
/// again with the same id, as a client behind the entry would have it. Remembers what was
/// committed.
final class Writers implements AutoCloseable {
  final Set<UUID> committed = ConcurrentHashMap.newKeySet();
  final AtomicLong refused = new AtomicLong();
  final List<Throwable> unexpected = java.util.Collections.synchronizedList(new ArrayList<>());
  private final Supplier<PostgresServer> where;
  private final List<Thread> threads = new ArrayList<>();
  private final long pauseNanos;
  private volatile boolean stopped;

  /// @param perSecond of all threads together
  Writers(Supplier<PostgresServer> where, int count, int perSecond) {
    this.where = where;
    this.pauseNanos = 1_000_000_000L * count / perSecond;
    for (int i = 0; i < count; i++) {
      threads.add(Thread.ofVirtual().start(this::write));
    }
  }

  private void write() {
    Random random = ThreadLocalRandom.current();
    PostgresServer at = null;
    Connection c = null;
    PreparedStatement[] prepared = new PreparedStatement[3];
    UUID request = UUID.randomUUID();
    long next = System.nanoTime();
    while (!stopped) {
      try {
        PostgresServer now = where.get();
        if (c == null || at != now || c.isClosed()) {
          if (c != null) {
            c.close();
          }
          at = now;
          c = now.open("app", Duration.ofSeconds(5));
          c.setClientInfo("ApplicationName", "bank");
          c.setAutoCommit(false);
          prepared[0] = c.prepareStatement("UPDATE account SET balance = balance - ? WHERE id = ?");
          prepared[1] = c.prepareStatement("UPDATE account SET balance = balance + ? WHERE id = ?");
          prepared[2] =
              c.prepareStatement(
                  "INSERT INTO transfer (request, \"From\", \"to\", amount) VALUES (?, ?, ?, ?)");
        }
        long from = 1L + random.nextInt(BankSchema.ACCOUNTS);
        long to = 1L + random.nextInt(BankSchema.ACCOUNTS - 1);
        to = to >= from ? to + 1 : to;
        for (int i = 0; i < 2; i++) {
          prepared[i].setInt(1, 1);
          prepared[i].setLong(2, Math.min(from, to) == from ^ i == 1 ? from : to);
        }
        prepared[2].setObject(1, request);
        prepared[2].setLong(2, from);
        prepared[2].setLong(3, to);
        prepared[2].setInt(4, 1);
        for (PreparedStatement statement : prepared) {
          statement.executeUpdate();
        }
        c.commit();
        committed.add(request);
        request = UUID.randomUUID();
      } catch (SQLException e) {
        if ("25006".equals(e.getSQLState())) {
          refused.incrementAndGet();
        } else if (!"40P01".equals(e.getSQLState())) {
          unexpected.add(e);
        }
        try {
          if (c != null && !c.isClosed()) {
            c.rollback();
          }
        } catch (SQLException again) {
          unexpected.add(again);
        }
      }
      next += pauseNanos;
      long wait = next - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(wait);
      }
    }
    try {
      if (c != null) {
        c.abort(Runnable::run);
      }
    } catch (SQLException e) {
      unexpected.add(e);
    }
  }

  static Set<UUID> found(PostgresServer server) throws SQLException {
    return Set.copyOf(
        Guarded.ask(
            server,
            "test",
            Duration.ofSeconds(20),
            h -> h.select("SELECT request FROM transfer").mapTo(UUID.class).list()));
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
