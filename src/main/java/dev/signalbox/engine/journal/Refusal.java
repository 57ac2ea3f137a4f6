package dev.signalbox.engine.journal;

import dev.signalbox.engine.postgres.SqlState;
import dev.signalbox.engine.release.DeposedException;
import java.sql.SQLException;
import java.util.Objects;

/// Tells what a failed call to a database means.
final class Refusal {
  /// The SQLSTATE that `signalbox.assert_epoch` raises.
  static final String DEPOSED = SqlState.DEPOSED;

  /// The SQLSTATE of a database that was away when the lease was taken.
  static final String BEHIND = SqlState.BEHIND;

  /// The SQLSTATE of a batch whose numbers the journal has passed.
  static final String TOO_LATE = "SB003";

  private Refusal() {}

  /// @return whether the database says that another console drives
  static boolean isDeposed(SQLException e) {
    return DEPOSED.equals(e.getSQLState());
  }

  /// @return whether the database refused numbers that it has passed
  static boolean isTooLate(SQLException e) {
    return TOO_LATE.equals(e.getSQLState());
  }

  /// Whether the work may have been committed, now or later: the answer was lost, or the server
  /// ended while it worked. An error that the server reports about the statement itself, or a
  /// connection that was never made, leaves no doubt.
  static boolean leavesDoubt(SQLException e) {
    String state = Objects.requireNonNullElse(e.getSQLState(), "");
    return state.isEmpty()
        || (state.startsWith("08") && !state.equals("08001") && !state.equals("08004"))
        || state.startsWith("57P")
        || state.startsWith("58")
        || state.startsWith("XX");
  }

  static DeposedException deposed(SQLException e) {
    return new DeposedException(
        "This environment was taken over meanwhile; what was begun before changes nothing any more.",
        e);
  }
}
