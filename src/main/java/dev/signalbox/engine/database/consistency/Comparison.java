package dev.signalbox.engine.database.consistency;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.Consistency;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.database.sync.Marker;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresSession;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Compares all tables that both databases have: row counts and hashes of the columns in common.
public final class Comparison {
  private static final Duration ANSWER = Duration.ofMinutes(5);
  private static final Duration ARRIVAL = Duration.ofSeconds(20);
  private static final int SHOWN = 5;

  private final PostgresServer source;
  private final PostgresServer target;
  private final List<String> schemas;
  private final long epoch;

  /// @param source the side that takes the writes
  /// @param epoch of the console: it writes markers to know what has arrived
  public Comparison(
      PostgresServer source, PostgresServer target, List<String> schemas, long epoch) {
    this.source = source;
    this.target = target;
    this.schemas = schemas;
    this.epoch = epoch;
  }

  /// Runs until done; interrupting it ends it between two chunks.
  ///
  /// @param progress told after each table
  public Consistency run(Consumer<Consistency> progress) throws SQLException, InterruptedException {
    try (PostgresSession here = PostgresSession.borrow(source, "compare", ANSWER);
        PostgresSession there = PostgresSession.borrow(target, "compare", ANSWER)) {
      RowHash.pin(here);
      RowHash.pin(there);
      List<TableName> theirs = tables(there);
      List<TableName> tables = tables(here).stream().filter(theirs::contains).toList();
      List<String> differences = new ArrayList<>();
      List<Consistency.Compared> compared = new ArrayList<>();
      long rows = 0;
      int done = 0;
      for (TableName table : tables) {
        progress.accept(
            new Consistency(
                Consistency.State.RUNNING,
                (double) done / tables.size(),
                done,
                rows,
                null,
                "comparing " + table,
                compared));
        var result = new TableComparison(table, here, there, () -> arrive(here, there)).run();
        differences.addAll(result.differences());
        compared.add(
            new Consistency.Compared(table, result.differences().isEmpty(), Instant.now()));
        rows += result.rows();
        done++;
        if (Thread.interrupted()) {
          throw new InterruptedException("the comparison was cancelled");
        }
      }
      return new Consistency(
          differences.isEmpty() ? Consistency.State.IDENTICAL : Consistency.State.DIFFERENT,
          1,
          done,
          rows,
          Instant.now(),
          evidence(done, rows, differences),
          compared);
    }
  }

  private List<TableName> tables(PostgresSession session) throws SQLException {
    return session.ask(h ->
        Catalogue.tables(h, schemas).stream()
            .filter(table -> !table.partition())
            .map(Catalogue.Table::name)
            .toList());
  }

  private static String evidence(int tables, long rows, List<String> differences) {
    if (differences.isEmpty()) {
      return tables + " tables, " + rows + " rows: counts and hashes (hash_record_extended) equal";
    }
    return differences.size()
        + " differences: "
        + String.join("; ", differences.subList(0, Math.min(SHOWN, differences.size())))
        + (differences.size() > SHOWN ? "; …" : "");
  }

  private void arrive(PostgresSession here, PostgresSession there)
      throws SQLException, InterruptedException {
    Colour writer = source.colour();
    long written = here.ask(h -> Marker.beat(h, epoch, writer));
    Instant until = Instant.now().plus(ARRIVAL);
    while (there.ask(h -> Marker.seen(h, writer)) < written) {
      if (Instant.now().isAfter(until)) {
        throw new SQLException(
            "Nothing arrived on "
                + target.colour()
                + " within "
                + ARRIVAL.toSeconds()
                + " s, so the comparison cannot tell late rows from lost ones; look at"
                + " replication, then resume.");
      }
      if (Thread.interrupted()) {
        throw new InterruptedException("the comparison was cancelled");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
