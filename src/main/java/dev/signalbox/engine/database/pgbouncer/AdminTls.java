package dev.signalbox.engine.database.pgbouncer;

import dev.signalbox.engine.environment.DatabaseSettings.PgBouncer;
import dev.signalbox.engine.environment.TlsMode;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Properties;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.util.PSQLException;

/// TLS on a connection to an admin console. What each mode trusts is the JDBC driver's own code.
final class AdminTls {
  private static final int REQUEST = 80877103;

  private AdminTls() {}

  /// Whether to try with TLS or without, one after the other.
  static List<Boolean> attempts(TlsMode mode) {
    return switch (mode) {
      case DISABLE -> List.of(false);
      case ALLOW -> List.of(false, true);
      case PREFER -> List.of(true, false);
      case REQUIRE, VERIFY_CA, VERIFY_FULL -> List.of(true);
    };
  }

  /// Asks for TLS and shakes hands.
  static Socket over(Socket socket, PgBouncer settings, String name) throws IOException {
    socket.getOutputStream().write(ByteBuffer.allocate(8).putInt(8).putInt(REQUEST).array());
    // One byte and no more: what follows it must come encrypted.
    int answer = socket.getInputStream().read();
    if (answer != 'S') {
      throw new IOException(
          name
              + " offers no TLS. Set client_tls_sslmode there, or tls: disable for it in"
              + " signalbox.yaml.");
    }
    SSLSocket secured =
        (SSLSocket) factory(settings).createSocket(socket, settings.host(), settings.port(), true);
    if (settings.tls() == TlsMode.VERIFY_FULL) {
      SSLParameters parameters = secured.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secured.setSSLParameters(parameters);
    }
    secured.startHandshake();
    return secured;
  }

  private static LibPQFactory factory(PgBouncer settings) throws IOException {
    Properties how = new Properties();
    how.setProperty("sslmode", settings.tls().id());
    settings.rootCertificate().ifPresent(path -> how.setProperty("sslrootcert", path.toString()));
    try {
      return new LibPQFactory(how);
    } catch (PSQLException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }
}
