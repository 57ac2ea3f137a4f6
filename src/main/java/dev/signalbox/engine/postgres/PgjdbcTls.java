package dev.signalbox.engine.postgres;

import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.environment.TlsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Properties;

/// TLS settings as pgjdbc takes them.
final class PgjdbcTls {
  private PgjdbcTls() {}

  /// @throws IllegalStateException with a sentence, when the key's password or the certificate
  ///   cannot be read
  static void put(Properties p, TlsSettings tls) {
    p.setProperty("sslmode", tls.mode().id());
    tls.rootCert()
        .ifPresent(path -> {
          if (path.equals(TlsSettings.SYSTEM)) {
            p.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
          } else {
            p.setProperty("sslrootcert", path.toString());
          }
        });
    tls.cert()
        .ifPresent(path -> {
          p.setProperty("sslcert", path.toString());
          // Which the driver takes for RSA when nobody says it.
          p.setProperty("pemKeyAlgorithm", algorithm(path));
        });
    tls.key().ifPresent(path -> p.setProperty("sslkey", path.toString()));
    // Without one the driver would ask on the terminal, for each connection.
    p.setProperty("sslpassword", tls.keyPassword().map(SecretSource::read).orElse(""));
  }

  /// Of the key of a certificate.
  private static String algorithm(Path certificate) {
    try (InputStream in = Files.newInputStream(certificate)) {
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(in)
          .getPublicKey()
          .getAlgorithm();
    } catch (IOException | CertificateException e) {
      throw new IllegalStateException(
          "The certificate " + certificate + " cannot be read: " + e.getMessage(), e);
    }
  }
}
