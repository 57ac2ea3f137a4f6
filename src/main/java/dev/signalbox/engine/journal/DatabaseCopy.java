package dev.signalbox.engine.journal;

import dev.signalbox.engine.postgres.PostgresServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
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

  private Head head(Handle h) {
    Layout layout = link.layout(h);
    if (layout != Layout.CURRENT) {
      return new Head(
          layout == Layout.NONE
              ? 0
              : h.select("SELECT max(sequence) FROM signalbox.journal").mapTo(long.class).one(),
          "",
          0);
    }
    return h.select(
            """
            SELECT greatest(h.sequence, j.sequence) AS sequence, coalesce(j.hash, '') AS hash, l.epoch
            FROM signalbox.lease l CROSS JOIN signalbox.journal_head h LEFT JOIN
              (SELECT sequence, hash FROM signalbox.journal ORDER BY sequence DESC LIMIT 1) j ON true
            """)
        .map(row ->
            new Head(
                row.getColumn("sequence", Long.class),
                row.getColumn("hash", String.class),
                row.getColumn("epoch", Long.class)))
        .one();
  }

  @Override
  public void append(long epoch, UUID batch, List<JournalEntry> entries) throws SQLException {
    int _ =
        link.call(h ->
            h.execute(
                "SELECT signalbox.append(?, ?, ?::jsonb)", epoch, batch, EntryRows.json(entries)));
  }

  @Override
  public Page after(@Nullable Place place, int limit) throws SQLException {
    return link.call(h -> {
      Layout layout = link.layout(h);
      long after = place == null || place.layout() != layout ? 0 : place.arrived();
      return new Page(layout, EntryRows.after(h, layout, after, limit));
    });
  }

  @Override
  public Optional<List<Long>> numbers() throws SQLException {
    return link.call(h ->
        link.layout(h) == Layout.CURRENT
            ? Optional.of(
                h.select("SELECT sequence FROM signalbox.journal").mapTo(Long.class).list())
            : Optional.empty());
  }

  @Override
  public List<JournalEntry> numbered(List<Long> sequences) throws SQLException {
    return link.call(h -> EntryRows.numbered(h, sequences));
  }

  @Override
  public void copy(long epoch, List<JournalEntry> entries) throws SQLException {
    int _ =
        link.call(
            h -> h.execute("SELECT signalbox.copy(?, ?::jsonb)", epoch, EntryRows.json(entries)));
  }

  @Override
  public void close() {
    link.close();
  }
}
