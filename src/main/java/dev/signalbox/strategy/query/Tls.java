package dev.signalbox.strategy.query;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How the cluster is trusted, and how this side proves itself. All files are PEM.
///
/// @param authorities whose certificates are trusted; null for those of the Java runtime
/// @param certificate of this side; null when the cluster asks for none
/// @param privateKey of `certificate`, PKCS #8; null without one
public record Tls(
    @Nullable Path authorities, @Nullable Path certificate, @Nullable Path privateKey) {
  /// @throws IllegalArgumentException for a certificate without its key, or a key alone
  public Tls {
    if ((certificate == null) != (privateKey == null)) {
      throw new IllegalArgumentException("A certificate and its private key belong together.");
    }
  }

  /// @throws IllegalArgumentException when a file cannot be read; names it
  ChannelCredentials credentials() {
    TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
    try {
      if (authorities != null) {
        builder.trustManager(authorities.toFile());
      }
      if (certificate != null && privateKey != null) {
        builder.keyManager(certificate.toFile(), privateKey.toFile());
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("A TLS file cannot be read: " + e.getMessage(), e);
    }
    return builder.build();
  }
}
