package dev.signalbox.engine.journal;

import dev.signalbox.engine.database.postgres.Sql;
import dev.signalbox.engine.release.DeposedException;
import java.sql.SQLException;

/// Tells the answers of `signalbox.assert_epoch` from other failures.
final class Refusal {
  /// The SQLSTATE that `signalbox.assert_epoch` raises.
  static final String DEPOSED = Sql.DEPOSED;

  /// The SQLSTATE of a database that was away when the lease was taken.
  static final String BEHIND = "SB002";

  private Refusal() {}

  /// @return whether the database says that another console drives, or has written our number
  static boolean isDeposed(SQLException e) {
    return DEPOSED.equals(e.getSQLState()) || "23505".equals(e.getSQLState());
  }

  static DeposedException deposed(SQLException e) {
    return new DeposedException(
        "Another console drives this environment now; this one changes nothing any more.", e);
  }
}
