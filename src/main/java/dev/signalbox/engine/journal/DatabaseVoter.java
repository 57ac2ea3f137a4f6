package dev.signalbox.engine.journal;

import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.Sql;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
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
      SELECT l.epoch, h.holder, h.name, nullif(h.expires_at, '-infinity'),
        h.expires_at > clock_timestamp(), coalesce(to_jsonb(h) ->> 'closed', '')
      FROM signalbox.lease l, signalbox.lease_holder h
      """;

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
    return link.call(c -> link.layout(c) == Layout.NONE ? NOBODY : row(c, ""));
  }

  private static Ballot row(Connection c, String lock) throws SQLException {
    return Sql.first(c, ROW + lock, DatabaseVoter::ballot)
        .orElseThrow(() -> new SQLException("the lease has no row"));
  }

  private static Ballot ballot(ResultSet row) throws SQLException {
    var expires = row.getTimestamp(4);
    String closed = row.getString(6);
    return new Ballot(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        expires == null ? Instant.EPOCH : expires.toInstant(),
        row.getBoolean(5),
        closed.isEmpty() ? Set.of() : Set.copyOf(List.of(closed.split(", "))));
  }

  @Override
  public boolean take(Holder holder, long epoch, boolean force, Set<String> closed)
      throws SQLException {
    return link.call(c -> take(c, holder, epoch, force, closed));
  }

  private boolean take(Connection c, Holder holder, long epoch, boolean force, Set<String> closed)
      throws SQLException {
    link.install(c);
    c.setAutoCommit(false);
    try {
      endOldTransactions(c);
      Ballot row = row(c, " FOR UPDATE");
      boolean free = force || !row.live() || row.holder().equals(holder.id());
      if (!free || row.epoch() >= epoch) {
        c.rollback();
        return false;
      }
      Sql.update(c, "UPDATE signalbox.lease SET epoch = ?", epoch);
      hold(c, holder, epoch, closed);
      c.commit();
      return true;
    } finally {
      if (!c.isClosed()) {
        c.setAutoCommit(true);
      }
    }
  }

  private static void hold(Connection c, Holder holder, long epoch, Set<String> closed)
      throws SQLException {
    Sql.update(
        c,
        "UPDATE signalbox.lease_holder SET epoch = ?, holder = ?, name = ?, closed = ?, expires_at ="
            + " clock_timestamp() + ? * interval '1 ms'",
        epoch,
        holder.id(),
        holder.name(),
        String.join(", ", closed),
        holder.ttlMillis());
  }

  /// Commands of the former holder keep the epoch's row locked until they end. A frozen process
  /// never ends them; it is about to be deposed, so its sessions may be terminated once they made
  /// us wait.
  private void endOldTransactions(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = '300ms'");
      statement.execute("SAVEPOINT waited");
      try {
        statement.execute("SELECT epoch FROM signalbox.lease FOR UPDATE");
        return;
      } catch (SQLException e) {
        if (!Sql.LOCK_TIMEOUT.equals(e.getSQLState())) {
          throw e;
        }
        statement.execute("ROLLBACK TO SAVEPOINT waited");
      }
      try (ResultSet ended =
          statement.executeQuery(
              """
              SELECT count(pg_terminate_backend(a.pid, 500)) FROM pg_stat_activity a
              WHERE a.pid <> pg_backend_pid() AND a.application_name LIKE 'signalbox %'
                AND EXISTS (SELECT FROM pg_locks l
                  WHERE l.pid = a.pid AND l.relation = 'signalbox.lease'::regclass)
              """)) {
        ended.next();
        LOG.warn("ended {} sessions of the former holder on {}", ended.getLong(1), name());
      }
      statement.execute("SELECT epoch FROM signalbox.lease FOR UPDATE");
    }
  }

  @Override
  public Renewal renew(Holder holder, long epoch, Set<String> closed) throws SQLException {
    return link.call(c -> renew(c, holder, epoch, closed));
  }

  private Renewal renew(Connection c, Holder holder, long epoch, Set<String> closed)
      throws SQLException {
    // It may have been away when the lease was taken.
    link.install(c);
    if (Sql.update(
            c,
            "UPDATE signalbox.lease_holder SET closed = ?, expires_at = clock_timestamp() + ? *"
                + " interval '1 ms' WHERE epoch = ? AND holder = ?",
            String.join(", ", closed),
            holder.ttlMillis(),
            epoch,
            holder.id())
        == 1) {
      return Renewal.RENEWED;
    }
    Ballot row = row(c, "");
    if (row.epoch() > epoch) {
      return row.holder().equals(holder.id()) ? Renewal.SUPERSEDED : Renewal.DEPOSED;
    }
    if (row.epoch() == epoch && row.live()) {
      return Renewal.NOT_COUNTED;
    }
    return take(c, holder, epoch, row.epoch()) ? Renewal.RENEWED : Renewal.NOT_COUNTED;
  }

  /// Raises the epoch here, or takes the place of a claim of the same epoch that its holder gave
  /// up: he had no majority.
  private static boolean take(Connection c, Holder holder, long epoch, long from)
      throws SQLException {
    return Sql.update(
            c,
            """
            WITH raised AS (UPDATE signalbox.lease SET epoch = ? WHERE epoch = ? RETURNING epoch)
            UPDATE signalbox.lease_holder h SET epoch = ?, holder = ?, name = ?, closed = '',
              expires_at = clock_timestamp() + ? * interval '1 ms' FROM raised
            """,
            epoch,
            from,
            epoch,
            holder.id(),
            holder.name(),
            holder.ttlMillis())
        == 1;
  }

  @Override
  public void release(Holder holder, long epoch) throws SQLException {
    int _ =
        link.call(c ->
            link.layout(c) == Layout.NONE
                ? 0
                : Sql.update(
                    c,
                    "UPDATE signalbox.lease_holder SET expires_at = '-infinity' WHERE epoch = ? AND"
                        + " holder = ?",
                    epoch,
                    holder.id()));
  }

  @Override
  public boolean isDatabase() {
    return true;
  }

  @Override
  public boolean takesConnections() {
    var at = link.server().coordinates();
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
