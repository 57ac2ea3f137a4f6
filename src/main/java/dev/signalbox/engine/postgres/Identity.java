package dev.signalbox.engine.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/// Which database this really is, asked of itself.
public record Identity(String systemIdentifier, String database) {
  public static Identity of(Connection c) throws SQLException {
    return Sql.first(
            c,
            "SELECT system_identifier::text, current_database() FROM pg_control_system()",
            row -> new Identity(row.getString(1), row.getString(2)))
        .orElseThrow(() -> new SQLException("the server did not say who it is"));
  }
}
