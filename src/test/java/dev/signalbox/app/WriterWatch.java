package dev.signalbox.app;

import dev.signalbox.demo.DemoSite;
import dev.signalbox.engine.Colour;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Tries all the time, as the application would, whether both databases take writes at the same
/// moment. A fence waits for writers in flight: while the first write is held open, its side cannot
/// be closed, so a second write that succeeds meanwhile is proof.
///
/// The one exception that is documented: a side that could not be closed because it did not answer
/// is a debt, noted on the other side, until a driver closes it.
final class WriterWatch implements AutoCloseable {
  private static final String WRITE = "UPDATE accounts SET balance = balance WHERE id = 1";

  private final DemoSite site;
  private final String password;
  private final Thread thread;
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger owed = new AtomicInteger();
  private final Map<Colour, Connection> connections = new EnumMap<>(Colour.class);
  private volatile boolean closed;

  /// Begins at once.
  WriterWatch(DemoSite site) {
    this.site = site;
    this.password = site.applicationPassword();
    this.thread = Thread.ofPlatform().name("writer watch").daemon().start(this::watch);
  }

  /// A sentence for each moment in which both took writes.
  List<String> violations() {
    return violations;
  }

  /// Pairs that were both asked, and how often both took writes under a debt.
  String counts() {
    return looks + " looks at both sides, both open under a debt " + owed + " times";
  }

  private void watch() {
    boolean blueFirst = true;
    while (!closed) {
      look(blueFirst ? Colour.BLUE : Colour.GREEN);
      blueFirst = !blueFirst;
      LockSupport.parkNanos(100_000_000);
    }
  }

  private void look(Colour first) {
    Colour second = first.other();
    if (!writes(first)) {
      finish(first);
      return;
    }
    boolean both = writes(second);
    looks.incrementAndGet();
    if (both) {
      String debt = debt();
      if (debt == null) {
        violations.add("both databases took a write at " + java.time.Instant.now());
      } else {
        owed.incrementAndGet();
      }
    }
    finish(second);
    finish(first);
  }

  /// Leaves the write open.
  private boolean writes(Colour colour) {
    try (Statement statement = connection(colour).createStatement()) {
      return statement.executeUpdate(WRITE) == 1;
    } catch (SQLException e) {
      // Refused, dead or frozen: no write.
      if (!"25006".equals(e.getSQLState())) {
        drop(colour);
      }
      return false;
    }
  }

  private Connection connection(Colour colour) throws SQLException {
    Connection known = connections.get(colour);
    if (known != null) {
      return known;
    }
    var at = site.server(colour).coordinates(DemoSite.DATABASE);
    Connection fresh =
        DriverManager.getConnection(
            at.jdbcUrl() + "?connectTimeout=1&socketTimeout=1&ApplicationName=watch",
            "bank_app",
            password);
    fresh.setAutoCommit(false);
    connections.put(colour, fresh);
    return fresh;
  }

  private void finish(Colour colour) {
    Connection known = connections.get(colour);
    if (known != null) {
      try {
        known.rollback();
      } catch (SQLException e) {
        drop(colour);
      }
    }
  }

  private void drop(Colour colour) {
    Connection known = connections.remove(colour);
    if (known != null) {
      try {
        known.abort(Runnable::run);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// What either side notes about the other; null when nothing.
  private @Nullable String debt() {
    for (Colour colour : Colour.values()) {
      String noted = debt(colour);
      if (noted != null) {
        return noted;
      }
    }
    return null;
  }

  /// Without the table, or without an answer, nothing is noted there.
  private @Nullable String debt(Colour colour) {
    try (Connection c = site.connect(colour);
        Statement statement = c.createStatement();
        var row = statement.executeQuery("SELECT value FROM signalbox.plane WHERE key = 'debt'")) {
      return row.next() && !row.getString(1).isEmpty() ? row.getString(1) : null;
    } catch (SQLException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Colour colour : Colour.values()) {
      drop(colour);
    }
  }
}
