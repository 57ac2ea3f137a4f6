package dev.signalbox.engine.postgres;

import dev.signalbox.engine.environment.PeerSettings;
import dev.signalbox.engine.environment.ServerAddress;
import dev.signalbox.engine.postgres.PostgresServer.Coordinates;
import java.util.stream.Collectors;

/// The connection string by which one server reaches another one.
public final class LibpqConnection {
  /// From here on libpq can tell a primary from a standby.
  private static final int KNOWS_PRIMARY = 14;

  private LibpqConnection() {}

  /// @param to the server that is reached; the text carries its password
  /// @param major version of the server that connects
  /// @throws IllegalStateException with a sentence, when the password cannot be read
  public static String text(Coordinates to, int major) {
    PeerSettings peer = to.peer();
    StringBuilder text = new StringBuilder();
    put(text, "host", joined(peer, ServerAddress::host));
    put(text, "port", joined(peer, address -> Integer.toString(address.port())));
    put(text, "dbname", to.database());
    put(text, "user", to.user());
    String password = to.password();
    if (!password.isEmpty()) {
      put(text, "password", password);
    }
    put(text, "sslmode", peer.mode().id());
    peer.rootCert().ifPresent(path -> put(text, "sslrootcert", path));
    if (peer.addresses().size() > 1) {
      // Before 14 a primary that is read-only by default is passed over.
      put(text, "target_session_attrs", major < KNOWS_PRIMARY ? "read-write" : "primary");
    }
    return text + "connect_timeout=3 keepalives_idle=5 keepalives_interval=2 keepalives_count=3";
  }

  private static String joined(
      PeerSettings peer, java.util.function.Function<ServerAddress, String> part) {
    return peer.addresses().stream().map(part).collect(Collectors.joining(","));
  }

  private static void put(StringBuilder text, String parameter, String value) {
    text.append(parameter)
        .append("='")
        .append(value.replace("\\", "\\\\").replace("'", "\\'"))
        .append("' ");
  }
}
