package dev.signalbox.engine.postgres;

import java.sql.SQLException;
import java.sql.Statement;
import org.jdbi.v3.core.Handle;

/// Runs a text as it is, past JDBI: what is not ours (migrations, a carried schema), because JDBI's
/// parser takes `arr[1:n]` and operators with `?` for values to bind; and ours where several
/// statements go in one round trip.
public final class Verbatim {
  private Verbatim() {}

  public static void run(Handle h, String sql) throws SQLException {
    try (Statement statement = h.getConnection().createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }
}
