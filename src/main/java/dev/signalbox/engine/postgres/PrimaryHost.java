package dev.signalbox.engine.postgres;

import dev.signalbox.engine.environment.ServerAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Finds the primary among the hosts of one cluster. The host that was the primary last is asked
/// first, then the others in their order; each is asked with the bound of one connection.
///
/// The driver's own `targetServerType=primary` is not used: one bound is for all its hosts
/// together, so that one that hangs would leave no time for the next, and it judges by what the
/// session may write, not by what the server is. Thread-safe.
final class PrimaryHost {
  /// No connection could be made.
  private static final String NO_CONNECTION = "08001";

  private final List<ServerAddress> hosts;
  private volatile @Nullable ServerAddress last;

  /// @param hosts at least one
  PrimaryHost(List<ServerAddress> hosts) {
    this.hosts = List.copyOf(hosts);
  }

  /// Makes one connection.
  interface Connect {
    Connection to(ServerAddress host) throws SQLException;
  }

  /// Connects to the only host, whatever it is, or to the primary among several.
  Connection connect(Connect connect) throws SQLException {
    if (hosts.size() == 1) {
      return connect.to(hosts.getFirst());
    }
    List<String> why = new ArrayList<>();
    SQLException first = null;
    SQLException answered = null;
    for (ServerAddress host : order()) {
      try {
        Connection connection = connect.to(host);
        if (primary(connection)) {
          last = host;
          return connection;
        }
        connection.close();
        why.add(host + " is a standby");
      } catch (SQLException e) {
        why.add(host + ": " + firstSentence(String.valueOf(e.getMessage())));
        first = first == null ? e : first;
        answered = answered == null && !Unreachable.is(e) ? e : answered;
      }
    }
    SQLException cause = answered == null ? first : answered;
    throw new SQLException(
        "no primary answers: " + String.join("; ", why),
        cause == null ? NO_CONNECTION : cause.getSQLState(),
        cause);
  }

  /// The driver goes on with advice that everybody has read before.
  private static String firstSentence(String message) {
    int end = message.indexOf(". ");
    return end < 0 ? message : message.substring(0, end);
  }

  private List<ServerAddress> order() {
    ServerAddress begin = last;
    if (begin == null) {
      return hosts;
    }
    List<ServerAddress> order = new ArrayList<>(hosts);
    order.remove(begin);
    order.addFirst(begin);
    return order;
  }

  private static boolean primary(Connection connection) throws SQLException {
    try {
      return PostgresSession.on(
          Jdbi.create(connection).open(),
          h -> !h.select("SELECT pg_is_in_recovery()").mapTo(boolean.class).one());
    } catch (SQLException | RuntimeException e) {
      connection.abort(Runnable::run);
      throw e;
    }
  }

  /// In messages.
  @Override
  public String toString() {
    return String.join(",", hosts.stream().map(Objects::toString).toList());
  }
}
