package dev.signalbox.cluster.query;

import dev.signalbox.cluster.access.CallFailures;
import dev.signalbox.engine.DurationText;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// What a client is told when PostgreSQL does not do it: the message and the SQLSTATE, never a
/// stack trace.
final class SqlFailures {
  private static final String CANCELED = "57014";

  private SqlFailures() {}

  /// @param name of the engine, for the sentence
  static StatusRuntimeException of(
      SQLException e, String name, Duration statementTimeout, boolean cancelled) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    if (cancelled) {
      return cancelled();
    }
    if (state.equals(CANCELED)) {
      return CallFailures.of(
          Status.Code.DEADLINE_EXCEEDED,
          "The statement ran longer than the "
              + DurationText.words(statementTimeout)
              + " that the cluster allows (SQLSTATE 57014).");
    }
    String message = message(e);
    if (message.contains("maxResultBuffer")) {
      return CallFailures.of(
          Status.Code.RESOURCE_EXHAUSTED,
          "The rows are larger than what one query may keep in memory (limits.bufferedBytes)."
              + " Select fewer or shorter columns.");
    }
    if (unreachable(e)) {
      return CallFailures.of(
          Status.Code.UNAVAILABLE, "The " + name + " engine cannot be reached: " + message);
    }
    return CallFailures.of(
        state.startsWith("53") ? Status.Code.RESOURCE_EXHAUSTED : Status.Code.INVALID_ARGUMENT,
        message + (state.isEmpty() ? "" : " (SQLSTATE " + state + ")"));
  }

  static StatusRuntimeException cancelled() {
    return CallFailures.of(Status.Code.CANCELLED, "The query was cancelled.");
  }

  /// Whether it is the connection that failed, not the statement.
  static boolean unreachable(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return state.startsWith("08") || state.startsWith("57P") || state.startsWith("28");
  }

  private static String message(SQLException e) {
    @Nullable ServerErrorMessage said =
        e instanceof PSQLException p ? p.getServerErrorMessage() : null;
    if (said == null || said.getMessage() == null) {
      return e.getMessage() == null ? "no reason was given" : e.getMessage();
    }
    StringBuilder text = new StringBuilder(said.getMessage());
    for (String more : new @Nullable String[] {said.getDetail(), said.getHint()}) {
      if (more != null) {
        text.append(". ").append(more);
      }
    }
    if (said.getPosition() > 0) {
      text.append(", at character ").append(said.getPosition());
    }
    return text.toString();
  }
}
