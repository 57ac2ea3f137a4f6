package dev.signalbox.engine.database.barrier;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.database.pair.Blockers;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.SqlState;
import dev.signalbox.engine.postgres.Verbatim;
import dev.signalbox.engine.release.StepContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The barrier of PostgreSQL's own means: on each table a trigger that refuses writes, installed,
/// closed and opened in short transactions, one at a time.
public final class TableFence implements Barrier {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int ATTEMPTS = 40;

  /// Dropping a trigger waits for readers too, of which there may always be one.
  private static final int REMOVE_ATTEMPTS = 12;

  private static final String SHORT =
      "SET LOCAL lock_timeout = '150ms'; SET LOCAL synchronous_commit = on";

  private final DatabasePair pair;

  public TableFence(DatabasePair pair) {
    this.pair = pair;
  }

  @Override
  public Fence.State state(Colour colour) throws SQLException {
    return Fence.state(pair.tables(colour));
  }

  @Override
  public Fence.State settled(Colour colour, StepContext context, Duration patience)
      throws SQLException, InterruptedException {
    return Fence.state(settledTables(colour, context, patience));
  }

  private List<Catalogue.Table> settledTables(Colour colour, StepContext context, Duration patience)
      throws SQLException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        return Guarded.question(
            pair.server(colour),
            "look",
            LOOK,
            context.epoch(),
            h -> {
              h.execute("SET LOCAL lock_timeout = '250ms'");
              h.execute(Fence.LOCK);
              return Catalogue.tables(h, pair.schemas());
            });
      } catch (SQLException e) {
        boolean behind = SqlState.BEHIND.equals(e.getSQLState());
        if (!behind && !SqlState.mayPass(e)) {
          throw e;
        }
        if (System.nanoTime() > end) {
          throw new UnsettledException(
              behind
                  ? colour
                      + " has not heard of this console's epoch yet: what was sent there before may"
                      + " still be done."
                  : colour
                      + " may still carry out a change of its fence whose answer was lost"
                      + holder(colour)
                      + ".",
              e);
        }
        Thread.sleep(50);
      }
    }
  }

  /// A stranger that has taken the fence's lock; empty when it is one of ours, or cannot be seen.
  private String holder(Colour colour) {
    try {
      String found =
          Guarded.ask(
              pair.server(colour),
              "look",
              LOOK,
              h ->
                  h.select(
                          """
                          SELECT format('session %s of %s', a.pid, a.usename)
                          FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                          WHERE l.locktype = 'advisory' AND l.granted
                            AND l.database = (SELECT oid FROM pg_database
                              WHERE datname = current_database())
                            AND (l.classid::bigint << 32) + l.objid::bigint = ?
                            AND a.application_name NOT LIKE 'signalbox %'
                          LIMIT 1
                          """,
                          Fence.LOCK_KEY)
                      .mapTo(String.class)
                      .findOne()
                      .orElse(""));
      return found.isEmpty() ? "" : ", for " + found + " holds its lock: end that session";
    } catch (SQLException e) {
      return "";
    }
  }

  @Override
  public boolean installed(Colour colour) throws SQLException {
    return pair.tables(colour).stream().noneMatch(table -> table.fence().isEmpty());
  }

  @Override
  public void install(Colour colour, boolean closed, StepContext context)
      throws SQLException, InterruptedException {
    for (Catalogue.Table table : pair.tables(colour)) {
      if (table.fence().isEmpty()) {
        patiently(context, colour, table.name(), Fence.install(table.name(), closed));
      }
    }
    if (closed) {
      close(colour, context);
    }
  }

  @Override
  public List<TableName> remove(Colour colour, StepContext context)
      throws SQLException, InterruptedException {
    List<TableName> kept = new ArrayList<>();
    for (Catalogue.Table table : pair.tables(colour)) {
      if (!table.fence().isEmpty()) {
        try {
          patiently(context, colour, table.name(), Fence.remove(table.name()), REMOVE_ATTEMPTS);
        } catch (LockNotGivenException e) {
          patiently(context, colour, table.name(), Fence.change(List.of(table.name()), false));
          kept.add(table.name());
        }
      }
    }
    return kept;
  }

  @Override
  public void close(Colour colour, StepContext context) throws SQLException, InterruptedException {
    change(colour, true, context);
  }

  @Override
  public void open(Colour colour, StepContext context) throws SQLException, InterruptedException {
    change(colour, false, context);
  }

  private void change(Colour colour, boolean close, StepContext context)
      throws SQLException, InterruptedException {
    List<Catalogue.Table> tables = settledTables(colour, context, DatabasePair.ANSWER);
    Fence.State wanted = close ? Fence.State.CLOSED : Fence.State.OPEN;
    if (tables.isEmpty() || Fence.state(tables) == wanted) {
      return;
    }
    List<TableName> names =
        tables.stream().filter(t -> !t.fence().isEmpty()).map(Catalogue.Table::name).toList();
    if (close && names.size() < tables.size()) {
      for (Catalogue.Table table : tables) {
        if (table.fence().isEmpty()) {
          patiently(context, colour, table.name(), Fence.install(table.name(), true));
        }
      }
    }
    patiently(context, colour, new TableName("all", "tables"), Fence.change(names, close));
  }

  private void patiently(StepContext context, Colour colour, TableName table, String sql)
      throws SQLException, InterruptedException {
    patiently(context, colour, table, sql, ATTEMPTS);
  }

  /// @throws LockNotGivenException when the lock was not given in so many attempts
  private void patiently(
      StepContext context, Colour colour, TableName table, String sql, int attempts)
      throws SQLException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      context.check();
      try {
        Guarded.run(
            pair.server(colour),
            "fence",
            DatabasePair.ANSWER,
            context.epoch(),
            h -> {
              Verbatim.run(h, SHORT);
              Verbatim.run(h, sql);
            });
        return;
      } catch (SQLException e) {
        if (!SqlState.mayPass(e)) {
          throw e;
        }
        if (attempt == attempts) {
          throw new LockNotGivenException(
              "The fence on "
                  + table
                  + " of "
                  + colour
                  + " could not be changed, its lock was not given in "
                  + attempts
                  + " attempts. In the way: "
                  + Blockers.describe(pair, colour)
                  + ". End that transaction, then resume.",
              e);
        }
        context.progress("waiting for a lock on " + table + " of " + colour);
        Thread.sleep(Math.min(1000, 50L * attempt));
      }
    }
  }

  private static final class LockNotGivenException extends SQLException {
    private static final long serialVersionUID = 1L;

    LockNotGivenException(String message, SQLException cause) {
      super(message, cause.getSQLState(), cause);
    }
  }

  @Override
  public String statements(List<TableName> tables, boolean close) {
    return Fence.change(tables, close);
  }
}
