package dev.signalbox.engine.postgres;

import java.sql.SQLException;

/// The SQLSTATEs that decide what is done next.
public final class SqlState {
  /// Another console has taken the lease.
  public static final String DEPOSED = "SB001";

  /// The database was away when the lease was taken, and has not heard of it since.
  public static final String BEHIND = "SB002";

  /// A lock was not given within `lock_timeout`.
  public static final String LOCK_TIMEOUT = "55P03";

  public static final String DEADLOCK = "40P01";

  /// `too_many_connections`, also of one role or one database.
  static final String TOO_MANY_CONNECTIONS = "53300";

  private SqlState() {}

  /// Whether waiting a little and trying again may help.
  public static boolean mayPass(SQLException e) {
    return LOCK_TIMEOUT.equals(e.getSQLState()) || DEADLOCK.equals(e.getSQLState());
  }
}
