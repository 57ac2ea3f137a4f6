package dev.signalbox.engine.postgres;

import java.sql.SQLException;
import java.util.Objects;

/// Tells a server that does not answer from one that answers with an error. One that takes no
/// connection any more, because an application has them all, does not answer either.
public final class Unreachable {
  private Unreachable() {}

  public static boolean is(SQLException e) {
    String state = Objects.requireNonNullElse(e.getSQLState(), "");
    boolean shutDown = state.equals("57P01") || state.equals("57P02") || state.equals("57P03");
    boolean full = state.equals("53300");
    return state.startsWith("08") || shutDown || full || causedByNetwork(e);
  }

  private static boolean causedByNetwork(Throwable e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof java.io.IOException) {
        return true;
      }
    }
    return false;
  }
}
