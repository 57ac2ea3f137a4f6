package dev.signalbox.engine.journal;

import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The journal in table `signalbox.journal` of a database.
final class DatabaseCopy implements JournalCopy {
  private static final Duration TIMEOUT = Duration.ofMillis(1500);

  private final Link link;

  DatabaseCopy(PostgresServer server) {
    this.link = new Link(server, "journal", TIMEOUT);
  }

  @Override
  public String name() {
    return link.server().name();
  }

  @Override
  public boolean suspect() {
    return link.suspect();
  }

  @Override
  public Head head() throws SQLException {
    return link.call(this::head);
  }

  private Head head(Connection c) throws SQLException {
    Layout layout = link.layout(c);
    if (layout != Layout.CURRENT) {
      return new Head(
          layout == Layout.NONE ? 0 : Sql.number(c, "SELECT max(sequence) FROM signalbox.journal"),
          "",
          0);
    }
    return Sql.first(
            c,
            """
            SELECT greatest(h.sequence, j.sequence), coalesce(j.hash, ''), l.epoch
            FROM signalbox.lease l CROSS JOIN signalbox.journal_head h LEFT JOIN
              (SELECT sequence, hash FROM signalbox.journal ORDER BY sequence DESC LIMIT 1) j ON true
            """,
            row -> new Head(row.getLong(1), row.getString(2), row.getLong(3)))
        .orElseThrow(() -> new SQLException("the journal has no head"));
  }

  @Override
  public void append(long epoch, UUID batch, List<JournalEntry> entries) throws SQLException {
    boolean _ =
        link.call(c -> {
          try (PreparedStatement statement =
              c.prepareStatement("SELECT signalbox.append(?, ?, ?::jsonb)")) {
            statement.setLong(1, epoch);
            statement.setObject(2, batch);
            statement.setString(3, EntryRows.json(entries));
            return statement.execute();
          }
        });
  }

  @Override
  public Page after(@Nullable Place place, int limit) throws SQLException {
    return link.call(c -> {
      Layout layout = link.layout(c);
      long after = place == null || place.layout() != layout ? 0 : place.arrived();
      return new Page(layout, EntryRows.after(c, layout, after, limit));
    });
  }

  @Override
  public Optional<List<Long>> numbers() throws SQLException {
    return link.call(c ->
        link.layout(c) == Layout.CURRENT
            ? Optional.of(
                Sql.list(c, "SELECT sequence FROM signalbox.journal", row -> row.getLong(1)))
            : Optional.empty());
  }

  @Override
  public List<JournalEntry> numbered(List<Long> sequences) throws SQLException {
    return link.call(c -> EntryRows.numbered(c, sequences));
  }

  @Override
  public void copy(long epoch, List<JournalEntry> entries) throws SQLException {
    boolean _ =
        link.call(c -> {
          try (PreparedStatement statement =
              c.prepareStatement("SELECT signalbox.copy(?, ?::jsonb)")) {
            statement.setLong(1, epoch);
            statement.setString(2, EntryRows.json(entries));
            return statement.execute();
          }
        });
  }

  @Override
  public void close() {
    link.close();
  }
}
