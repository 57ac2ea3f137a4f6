package dev.signalbox.engine.postgres;

import dev.signalbox.engine.environment.PeerSettings;
import dev.signalbox.engine.environment.ServerAddress;
import dev.signalbox.engine.environment.TlsSettings;
import dev.signalbox.engine.postgres.PostgresServer.Coordinates;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How a program with libpq reaches a server: another server by a connection string, a program of
/// the console by variables.
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
    put(text, "host", joined(peer.addresses(), ServerAddress::host));
    put(text, "port", joined(peer.addresses(), address -> Integer.toString(address.port())));
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

  /// For a program that the console starts, which reaches the server as the console does. libpq
  /// cannot read PKCS-12, so a key in that form is left out.
  ///
  /// @param to the server that is reached; the map carries its password
  /// @throws IllegalStateException with a sentence, when the password cannot be read
  public static Map<String, String> variables(Coordinates to) {
    TlsSettings tls = to.tls();
    Map<String, String> variables = new HashMap<>();
    variables.put("PGHOST", joined(to.addresses(), ServerAddress::host));
    variables.put("PGPORT", joined(to.addresses(), at -> Integer.toString(at.port())));
    variables.put("PGDATABASE", to.database());
    variables.put("PGUSER", to.user());
    variables.put("PGSSLMODE", tls.mode().id());
    tls.rootCert().ifPresent(path -> variables.put("PGSSLROOTCERT", path.toString()));
    if (tls.cert().isPresent() && tls.key().isPresent()) {
      variables.put("PGSSLCERT", tls.cert().get().toString());
      variables.put("PGSSLKEY", tls.key().get().toString());
    }
    if (to.addresses().size() > 1) {
      variables.put("PGTARGETSESSIONATTRS", "primary");
    }
    String password = to.password();
    if (!password.isEmpty()) {
      variables.put("PGPASSWORD", password);
    }
    return variables;
  }

  private static String joined(
      List<ServerAddress> addresses, Function<ServerAddress, String> part) {
    return addresses.stream().map(part).collect(Collectors.joining(","));
  }

  private static void put(StringBuilder text, String parameter, String value) {
    text.append(parameter)
        .append("='")
        .append(value.replace("\\", "\\\\").replace("'", "\\'"))
        .append("' ");
  }
}
