package dev.signalbox.engine.journal;

import dev.signalbox.engine.environment.ServerAddress;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.SqlState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.Update;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A database as a voter, in its tables `signalbox.lease` and `signalbox.lease_holder`.
///
/// Taking the lease raises the epoch, which waits for commands under way (they hold the epoch's row
/// in share mode) and refuses all later ones that carry the old epoch. A former holder's
/// transaction that does not end, because its process is frozen, is terminated.
final class DatabaseVoter implements Voter {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseVoter.class);
  private static final Duration TIMEOUT = Duration.ofMillis(1500);
  private static final Ballot NOBODY = new Ballot(0, "", "", Instant.EPOCH, false, Set.of());
  private static final String ROW =
      """
      SELECT l.epoch, h.holder, h.name, nullif(h.expires_at, '-infinity') AS expires_at,
        h.expires_at > clock_timestamp() AS live, coalesce(to_jsonb(h) ->> 'closed', '') AS closed
      FROM signalbox.lease l, signalbox.lease_holder h
      """;

  private static final String CLAIM =
      """
      SET epoch = :epoch, holder = :holder, name = :name, closed = :closed,
        expires_at = clock_timestamp() + :ttl * interval '1 microsecond'
      """;

  private static final String MINE = " WHERE epoch = :epoch AND holder = :holder";

  private static final String LOCK = "SELECT epoch FROM signalbox.lease FOR UPDATE";

  private final Link link;

  DatabaseVoter(PostgresServer server) {
    this.link = new Link(server, "lease", TIMEOUT);
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
  public Ballot look() throws SQLException {
    return link.call(h -> link.layout(h) == Layout.NONE ? NOBODY : row(h, ""));
  }

  private static Ballot row(Handle h, String lock) {
    return h.select(ROW + lock).map(DatabaseVoter::ballot).one();
  }

  private static Ballot ballot(RowView row) {
    Instant expires = row.getColumn("expires_at", Instant.class);
    String closed = row.getColumn("closed", String.class);
    return new Ballot(
        row.getColumn("epoch", Long.class),
        row.getColumn("holder", String.class),
        row.getColumn("name", String.class),
        Objects.requireNonNullElse(expires, Instant.EPOCH),
        row.getColumn("live", Boolean.class),
        closed.isEmpty() ? Set.of() : Set.copyOf(List.of(closed.split(", "))));
  }

  @Override
  public boolean take(Holder holder, long epoch, boolean force, Set<String> closed)
      throws SQLException {
    return link.call(h -> {
      link.install(h);
      return h.inTransaction(t -> take(t, holder, epoch, force, closed));
    });
  }

  private boolean take(Handle h, Holder holder, long epoch, boolean force, Set<String> closed)
      throws SQLException {
    endOldTransactions(h);
    Ballot row = row(h, " FOR UPDATE");
    boolean free = force || !row.live() || row.holder().equals(holder.id());
    if (!free || row.epoch() >= epoch) {
      h.rollback();
      return false;
    }
    h.execute("UPDATE signalbox.lease SET epoch = ?", epoch);
    claim(h, "UPDATE signalbox.lease_holder " + CLAIM, holder, epoch)
        .bind("closed", String.join(", ", closed))
        .execute();
    return true;
  }

  private static Update claim(Handle h, String sql, Holder holder, long epoch) {
    return h.createUpdate(sql)
        .bind("epoch", epoch)
        .bind("holder", holder.id())
        .bind("name", holder.name())
        .bind("ttl", Duration.ofMillis(holder.ttlMillis()));
  }

  /// Commands of the former holder keep the epoch's row locked until they end. A frozen process
  /// never ends them; it is about to be deposed, so its sessions may be terminated once they made
  /// us wait.
  private void endOldTransactions(Handle h) throws SQLException {
    h.execute("SET LOCAL lock_timeout = '300ms'");
    h.savepoint("waited");
    try {
      PostgresSession.on(h, t -> t.execute(LOCK));
      return;
    } catch (SQLException e) {
      if (!SqlState.LOCK_TIMEOUT.equals(e.getSQLState())) {
        throw e;
      }
      h.rollbackToSavepoint("waited");
    }
    long ended =
        h.select(
                """
                SELECT count(pg_terminate_backend(a.pid, 500)) FROM pg_stat_activity a
                WHERE a.pid <> pg_backend_pid() AND a.application_name LIKE 'signalbox %'
                  AND EXISTS (SELECT FROM pg_locks l
                    WHERE l.pid = a.pid AND l.relation = 'signalbox.lease'::regclass)
                """)
            .mapTo(long.class)
            .one();
    LOG.warn("ended {} sessions of the former holder on {}", ended, name());
    h.execute(LOCK);
  }

  @Override
  public Renewal renew(Holder holder, long epoch, Set<String> closed) throws SQLException {
    return link.call(h -> renew(h, holder, epoch, closed));
  }

  private Renewal renew(Handle h, Holder holder, long epoch, Set<String> closed)
      throws SQLException {
    // It may have been away when the lease was taken.
    link.install(h);
    int renewed =
        claim(h, "UPDATE signalbox.lease_holder " + CLAIM + MINE, holder, epoch)
            .bind("closed", String.join(", ", closed))
            .execute();
    if (renewed == 1) {
      return Renewal.RENEWED;
    }
    Ballot row = row(h, "");
    if (row.epoch() > epoch) {
      return row.holder().equals(holder.id()) ? Renewal.SUPERSEDED : Renewal.DEPOSED;
    }
    if (row.epoch() == epoch && row.live()) {
      return Renewal.NOT_COUNTED;
    }
    return raise(h, holder, epoch, row.epoch()) ? Renewal.RENEWED : Renewal.NOT_COUNTED;
  }

  /// Raises the epoch here, or takes the place of a claim of the same epoch that its holder gave
  /// up: he had no majority.
  private static boolean raise(Handle h, Holder holder, long epoch, long from) {
    String sql =
        "WITH raised AS (UPDATE signalbox.lease SET epoch = :epoch WHERE epoch = :from"
            + " RETURNING epoch) UPDATE signalbox.lease_holder "
            + CLAIM
            + " FROM raised";
    return claim(h, sql, holder, epoch).bind("from", from).bind("closed", "").execute() == 1;
  }

  @Override
  public void release(Holder holder, long epoch) throws SQLException {
    int _ =
        link.call(h ->
            link.layout(h) == Layout.NONE
                ? 0
                : h.createUpdate(
                        "UPDATE signalbox.lease_holder SET expires_at = '-infinity'" + MINE)
                    .bind("epoch", epoch)
                    .bind("holder", holder.id())
                    .execute());
  }

  @Override
  public boolean isDatabase() {
    return true;
  }

  @Override
  public boolean takesConnections() {
    return link.server().coordinates().addresses().stream().anyMatch(this::takesConnections);
  }

  private boolean takesConnections(ServerAddress at) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(at.host(), at.port()), 1_000);
      return true;
    } catch (IOException e) {
      LOG.debug("nothing takes connections at {}", at, e);
      return false;
    }
  }

  @Override
  public void close() {
    link.close();
  }
}
