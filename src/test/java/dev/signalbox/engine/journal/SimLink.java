package dev.signalbox.engine.journal;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A simulated database as one console reaches it: copy of the journal, and voter.
final class SimLink implements JournalCopy, Voter {
  private static final Logger LOG = LoggerFactory.getLogger(SimLink.class);

  private final SimTables tables;
  private final SimLine line;
  private final SimTime time;
  private final Suspicion suspicion;

  /// Until a call that hangs is given up, the connection is not free.
  private long hangsUntil;

  SimLink(SimTables tables, SimLine line, SimTime time) {
    this.tables = tables;
    this.line = line;
    this.time = time;
    this.suspicion = new Suspicion(time::nanoTime);
  }

  private interface Transaction<T> {
    T run() throws SQLException;
  }

  private <T> T call(String operation, Transaction<T> work) throws SQLException {
    if (time.nanoTime() < hangsUntil) {
      throw new SimTogether.Hang();
    }
    switch (line.fate(operation)) {
      case ANSWERS -> {
        suspicion.well();
        return work.run();
      }
      case REFUSED -> {
        suspicion.failed();
        throw new SQLException(name() + " takes no connections", "08001");
      }
      case ANSWER_LOST -> {
        suspicion.failed();
        T lost = work.run();
        LOG.trace("not told: {}", lost);
        throw new SQLException("the connection to " + name() + " broke", "08006");
      }
      case HANGS -> hang();
      case ACTS_LATE -> {
        hang();
        line.later(Duration.ofMillis(200), () -> late(work));
      }
    }
    throw new SimTogether.Hang();
  }

  private void hang() {
    hangsUntil = time.nanoTime() + SimTogether.LINK.toNanos();
    suspicion.begins();
    line.later(
        SimTogether.LINK,
        () -> {
          suspicion.failed();
          suspicion.ends();
        });
  }

  private static <T> void late(Transaction<T> work) {
    try {
      LOG.trace("not waited for: {}", work.run());
    } catch (SQLException e) {
      LOG.trace("refused when it came late", e);
    }
  }

  /// A call that is waited for alone.
  private <T> T direct(String operation, Transaction<T> work) throws SQLException {
    time.pause();
    try {
      return call(operation, work);
    } catch (SimTogether.Hang e) {
      time.sleep(SimTogether.LINK);
      throw new SQLException(name() + " does not answer", "08006", e);
    }
  }

  @Override
  public String name() {
    return tables.name();
  }

  @Override
  public boolean suspect() {
    return suspicion.suspect();
  }

  @Override
  public Head head() throws SQLException {
    return call("head", tables::head);
  }

  @Override
  public void append(long epoch, UUID batch, List<JournalEntry> entries) throws SQLException {
    time.pause();
    boolean _ =
        call(
            "append",
            () -> {
              tables.append(epoch, batch, entries);
              return true;
            });
  }

  @Override
  public Page after(@Nullable Place place, int limit) throws SQLException {
    return call("read", () -> tables.after(place, limit));
  }

  @Override
  public Optional<List<Long>> numbers() throws SQLException {
    return call("numbers", () -> Optional.of(tables.numbers()));
  }

  @Override
  public List<JournalEntry> numbered(List<Long> sequences) throws SQLException {
    return direct("numbered", () -> tables.numbered(sequences));
  }

  @Override
  public void copy(long epoch, List<JournalEntry> entries) throws SQLException {
    boolean _ =
        direct(
            "copy",
            () -> {
              tables.copy(epoch, entries);
              return true;
            });
  }

  @Override
  public Ballot look() throws SQLException {
    return call("look", tables::look);
  }

  @Override
  public boolean take(Holder holder, long epoch, boolean force, Set<String> closed)
      throws SQLException {
    return direct("take", () -> tables.take(holder, epoch, force, closed));
  }

  @Override
  public Renewal renew(Holder holder, long epoch, Set<String> closed) throws SQLException {
    time.pause();
    return call("renew", () -> tables.renew(holder, epoch, closed));
  }

  @Override
  public void release(Holder holder, long epoch) throws SQLException {
    boolean _ =
        call(
            "release",
            () -> {
              tables.release(holder, epoch);
              return true;
            });
  }

  @Override
  public boolean isDatabase() {
    return true;
  }

  @Override
  public boolean takesConnections() {
    return line.fate("connect") != SimLine.Fate.REFUSED;
  }

  @Override
  public void close() {}
}
