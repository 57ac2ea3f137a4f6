package dev.signalbox.engine.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Plain JDBC in one line, for connections that outlive a question. Values are bound.
public final class Sql {
  /// Another console has taken the lease.
  public static final String DEPOSED = "SB001";

  /// The database was away when the lease was taken, and has not heard of it since.
  public static final String BEHIND = "SB002";

  /// A lock was not given within `lock_timeout`.
  public static final String LOCK_TIMEOUT = "55P03";

  public static final String DEADLOCK = "40P01";

  private Sql() {}

  public static <T> List<T> list(Connection c, String sql, Mapper<T> mapper, Object... values)
      throws SQLException {
    try (PreparedStatement statement = c.prepareStatement(sql)) {
      bind(statement, values);
      List<T> all = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          all.add(mapper.map(row));
        }
      }
      return all;
    }
  }

  public static <T> Optional<T> first(Connection c, String sql, Mapper<T> mapper, Object... values)
      throws SQLException {
    List<T> all = list(c, sql, mapper, values);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
  }

  /// The first column of the only row; 0 when it is null.
  public static long number(Connection c, String sql, Object... values) throws SQLException {
    return first(c, sql, row -> row.getLong(1), values).orElse(0L);
  }

  /// The first column of the only row; empty when it is null or there is none.
  public static String text(Connection c, String sql, Object... values) throws SQLException {
    return first(c, sql, row -> Objects.requireNonNullElse(row.getString(1), ""), values)
        .orElse("");
  }

  public static boolean truth(Connection c, String sql, Object... values) throws SQLException {
    return first(c, sql, row -> row.getBoolean(1), values).orElse(false);
  }

  /// Runs a statement with bound values.
  public static int update(Connection c, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = c.prepareStatement(sql)) {
      bind(statement, values);
      return statement.execute() ? 0 : statement.getUpdateCount();
    }
  }

  /// Runs one or more statements without values, in one round trip.
  public static void execute(Connection c, String sql) throws SQLException {
    try (Statement statement = c.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  /// Whether waiting a little and trying again may help.
  public static boolean mayPass(SQLException e) {
    return LOCK_TIMEOUT.equals(e.getSQLState()) || DEADLOCK.equals(e.getSQLState());
  }

  private static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      switch (values[i]) {
        case List<?> list ->
            statement.setArray(
                i + 1, statement.getConnection().createArrayOf("text", list.toArray()));
        case Long number -> statement.setLong(i + 1, number);
        case Integer number -> statement.setInt(i + 1, number);
        case Boolean truth -> statement.setBoolean(i + 1, truth);
        case Object other -> statement.setString(i + 1, other.toString());
      }
    }
  }

  /// Reads one row; must not move the cursor.
  public interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }
}
