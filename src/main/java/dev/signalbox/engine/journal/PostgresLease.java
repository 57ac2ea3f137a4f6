package dev.signalbox.engine.journal;

import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.database.postgres.PostgresServer;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Lease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The lease in tables `signalbox.lease` and `signalbox.lease_holder` of both databases.
///
/// It is taken in every database that answers, in one at least. Taking it raises the epoch, which
/// waits for commands under way (they hold the epoch's row in share mode) and refuses all later
/// ones that carry the old epoch. A former holder's transaction that does not end, because its
/// process is frozen, is terminated.
public final class PostgresLease implements Lease, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresLease.class);
  private static final Duration TIMEOUT = Duration.ofMillis(1500);

  private final List<Link> links;
  private final String holder;
  private final String name;
  private final Duration ttl;

  /// @param holder unique to this process
  /// @param name for people: user, host and process
  public PostgresLease(List<PostgresServer> servers, String holder, String name, Duration ttl) {
    this.links = servers.stream().map(s -> new Link(s, "lease", TIMEOUT)).toList();
    this.holder = holder;
    this.name = name;
    this.ttl = ttl;
  }

  @Override
  public LeaseView look() {
    Row newest = null;
    for (Row row : rows(links.stream().filter(l -> !l.suspect()).toList())) {
      // With equal epochs the one that was renewed last tells more.
      if (newest == null
          || row.epoch > newest.epoch
          || (row.epoch == newest.epoch && row.expiresAt.isAfter(newest.expiresAt))) {
        newest = row;
      }
    }
    if (newest == null) {
      return new LeaseView(false, "", 0, null);
    }
    boolean mine = newest.live && newest.holder.equals(holder);
    return new LeaseView(mine, newest.live ? newest.name : "", newest.epoch, newest.expiresAt);
  }

  private List<Row> rows(List<Link> from) {
    List<Row> rows = new ArrayList<>();
    for (var answer : BothDatabases.ask(from, (link, connection) -> row(link, connection, false))) {
      if (answer instanceof BothDatabases.Given<Row> given) {
        rows.add(given.value());
      }
    }
    return rows;
  }

  @Override
  public long acquire(boolean force) {
    List<Row> rows = rows(links);
    if (rows.isEmpty()) {
      throw new IllegalStateException("Neither database answers, so nobody can take the lease.");
    }
    long epoch = 0;
    for (Row row : rows) {
      if (row.live && !row.holder.equals(holder) && !force) {
        throw held(row);
      }
      epoch = Math.max(epoch, row.epoch);
    }
    long mine = epoch + 1;
    int taken = 0;
    // One after the other, always in the same order: of two consoles at once one wins the first
    // database and the other sees its epoch there.
    for (Link link : links) {
      if (link.suspect()) {
        // It would be waited for longer than the lease lasts; renewing takes it there.
        LOG.warn("lease not taken on {}, which does not answer", link.server().colour());
        continue;
      }
      try {
        if (!link.call(connection -> take(link, connection, mine, force))) {
          throw held(row(link));
        }
        taken++;
      } catch (SQLException e) {
        LOG.warn("lease not taken on {}: {}", link.server().colour(), e.getMessage());
      }
    }
    if (taken == 0) {
      throw new IllegalStateException("Neither database answers, so nobody can take the lease.");
    }
    return mine;
  }

  private static Row row(Link link) {
    try {
      return link.call(connection -> row(link, connection, false));
    } catch (SQLException e) {
      return new Row(0, "", "another console", Instant.EPOCH, true);
    }
  }

  private static HeldException held(Row row) {
    return new HeldException(
        row.name
            + " drives this environment (epoch "
            + row.epoch
            + "); it can be taken over when it stops, or at once with the environment's name typed.");
  }

  private boolean take(Link link, Connection connection, long mine, boolean force)
      throws SQLException {
    link.install(connection);
    connection.setAutoCommit(false);
    try {
      endOldTransactions(link, connection);
      Row row = row(link, connection, true);
      boolean free = force || !row.live || row.holder.equals(holder);
      if (!free || row.epoch >= mine) {
        connection.rollback();
        return false;
      }
      try (PreparedStatement raise =
              connection.prepareStatement("UPDATE signalbox.lease SET epoch = ? WHERE epoch < ?");
          PreparedStatement hold =
              connection.prepareStatement(
                  "UPDATE signalbox.lease_holder SET epoch = ?, holder = ?, name = ?, expires_at ="
                      + " clock_timestamp() + ? * interval '1 ms'")) {
        raise.setLong(1, mine);
        raise.setLong(2, mine);
        if (raise.executeUpdate() != 1) {
          connection.rollback();
          return false;
        }
        hold.setLong(1, mine);
        hold.setString(2, holder);
        hold.setString(3, name);
        hold.setLong(4, ttl.toMillis());
        hold.executeUpdate();
      }
      connection.commit();
      return true;
    } finally {
      if (!connection.isClosed()) {
        connection.setAutoCommit(true);
      }
    }
  }

  /// Commands of the former holder keep the epoch's row locked until they end. A frozen process
  /// never ends them; it is about to be deposed, so its sessions may be terminated once they made
  /// us wait.
  private static void endOldTransactions(Link link, Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = '300ms'");
      statement.execute("SAVEPOINT waited");
      try {
        statement.execute("SELECT epoch FROM signalbox.lease FOR UPDATE");
        return;
      } catch (SQLException e) {
        if (!"55P03".equals(e.getSQLState())) {
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
        LOG.warn("ended {} sessions of the former holder on {}", ended.getLong(1), link.server());
      }
      statement.execute("SELECT epoch FROM signalbox.lease FOR UPDATE");
    }
  }

  @Override
  public void renew(long epoch) {
    int renewed = 0;
    for (var answer :
        BothDatabases.ask(
            links.stream().filter(l -> !l.suspect()).toList(),
            (link, connection) -> renew(link, connection, epoch))) {
      if (answer instanceof BothDatabases.Given<Boolean> given) {
        if (!given.value()) {
          throw new DeposedException("Another console has taken the lease.");
        }
        renewed++;
      }
    }
    if (renewed == 0) {
      throw new IllegalStateException("Neither database answers; the lease was not renewed.");
    }
  }

  private boolean renew(Link link, Connection connection, long epoch) throws SQLException {
    // It may have been away when the lease was taken.
    link.install(connection);
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE signalbox.lease_holder SET expires_at = clock_timestamp() + ? * interval '1 ms'"
                + " WHERE epoch = ? AND holder = ?")) {
      statement.setLong(1, ttl.toMillis());
      statement.setLong(2, epoch);
      statement.setString(3, holder);
      if (statement.executeUpdate() == 1) {
        return true;
      }
    }
    if (row(link, connection, false).epoch >= epoch) {
      return false;
    }
    // This database was away when the lease was taken.
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            WITH raised AS (UPDATE signalbox.lease SET epoch = ? WHERE epoch < ? RETURNING epoch)
            UPDATE signalbox.lease_holder h SET epoch = ?, holder = ?, name = ?,
              expires_at = clock_timestamp() + ? * interval '1 ms' FROM raised
            """)) {
      statement.setLong(1, epoch);
      statement.setLong(2, epoch);
      statement.setLong(3, epoch);
      statement.setString(4, holder);
      statement.setString(5, name);
      statement.setLong(6, ttl.toMillis());
      return statement.executeUpdate() == 1;
    }
  }

  @Override
  public void release(long epoch) {
    BothDatabases.ask(
        links.stream().filter(l -> !l.suspect()).toList(),
        (link, connection) -> {
          try (PreparedStatement statement =
              connection.prepareStatement(
                  "UPDATE signalbox.lease_holder SET expires_at = '-infinity' WHERE epoch = ? AND"
                      + " holder = ?")) {
            statement.setLong(1, epoch);
            statement.setString(2, holder);
            return statement.executeUpdate();
          }
        });
  }

  private static Row row(Link link, Connection connection, boolean lock) throws SQLException {
    if (link.layout(connection) == Layout.NONE) {
      return new Row(0, "", "", Instant.EPOCH, false);
    }
    try (var statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT l.epoch, h.holder, h.name, CASE WHEN h.expires_at = '-infinity' THEN NULL"
                    + " ELSE h.expires_at END, h.expires_at > clock_timestamp() FROM signalbox.lease"
                    + " l, signalbox.lease_holder h"
                    + (lock ? " FOR UPDATE" : ""))) {
      row.next();
      var expires = row.getTimestamp(4);
      return new Row(
          row.getLong(1),
          row.getString(2),
          row.getString(3),
          expires == null ? Instant.EPOCH : expires.toInstant(),
          row.getBoolean(5));
    }
  }

  @Override
  public void close() {
    links.forEach(Link::close);
  }

  private record Row(long epoch, String holder, String name, Instant expiresAt, boolean live) {}
}
