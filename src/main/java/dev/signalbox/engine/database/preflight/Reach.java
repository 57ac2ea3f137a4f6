package dev.signalbox.engine.database.preflight;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Finding;
import dev.signalbox.engine.database.replication.Subscription;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresServer.Coordinates;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/// Whether the console reaches both servers, and each server the other one, as replication does:
/// with the console's role, through the same network. What fails is told with the line that is
/// missing in `pg_hba.conf`, or the way that the firewall must open.
public final class Reach {
  /// `no pg_hba.conf entry for host "10.0.0.6", user "console", database "shop", no encryption`
  private static final Pattern NO_ENTRY = Pattern.compile("pg_hba.conf .*for host \"([^\"]+)\"");

  private static final Pattern UNREACHED =
      Pattern.compile(
          "(?i)refused|timed? ?out|timeout|no route|unreachable|could not translate|unknown host"
              + "|attempt failed");

  private Reach() {}

  /// That the console cannot connect to a server.
  public static Finding ofConsole(PostgresServer server, SQLException why) {
    return failed("The console", server.colour(), server.coordinates(), message(why));
  }

  /// Makes and rolls back a subscription: only that connects as replication will.
  ///
  /// @param receiver in no transaction
  /// @param from the server that it must reach
  static Optional<Finding> ofServer(Handle receiver, Colour side, PostgresServer from)
      throws SQLException {
    receiver.begin();
    try {
      Subscription.attempt(receiver, from.coordinates());
      return Optional.empty();
    } catch (SQLException e) {
      if (receiver.getConnection().isClosed()) {
        throw e;
      }
      return Optional.of(
          failed("The server of " + side, from.colour(), from.coordinates(), message(e)));
    } finally {
      receiver.rollback();
    }
  }

  private static String message(SQLException e) {
    return Objects.requireNonNullElse(e.getMessage(), "no reason")
        .replaceAll("\\s+", " ")
        .replaceFirst("^ERROR: ", "")
        .strip();
  }

  private static Finding failed(String who, Colour to, Coordinates at, String why) {
    String sentence = who + " cannot connect to " + to + " (" + at + "): " + why;
    String end = sentence.endsWith(".") ? "" : ".";
    Matcher entry = NO_ENTRY.matcher(why);
    if (entry.find()) {
      return Finding.block(
          to,
          sentence
              + end
              + " Add to pg_hba.conf of "
              + to
              + ": '"
              + (why.contains("no encryption") ? "host" : "hostssl")
              + " "
              + quoted(at.database())
              + " "
              + quoted(at.user())
              + " "
              + entry.group(1)
              + (entry.group(1).contains(":") ? "/128" : "/32")
              + " scram-sha-256', and then:",
          "SELECT pg_reload_conf();");
    }
    return Finding.block(
        to,
        sentence
            + end
            + (UNREACHED.matcher(why).find()
                ? " Let "
                    + who.toLowerCase(java.util.Locale.ROOT)
                    + " through the firewall to port "
                    + at.port()
                    + " of "
                    + at.host()
                    + ", and see that the server listens there (listen_addresses)."
                : ""),
        "");
  }

  private static String quoted(String name) {
    return name.matches("[a-z_][a-z0-9_]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
