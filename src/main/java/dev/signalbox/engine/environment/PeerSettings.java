package dev.signalbox.engine.environment;

import java.util.List;
import java.util.Optional;

/// How the other server reaches this one, for its subscription. What libpq needs to know.
///
/// @param addresses at least one; several are hosts of one cluster, one of which is the primary
/// @param rootCert a file on the **other server's** disk, or `system`; empty for what libpq has
///   there, `~/.postgresql/root.crt`
public record PeerSettings(List<ServerAddress> addresses, TlsMode mode, Optional<String> rootCert) {
  public PeerSettings {
    addresses = List.copyOf(addresses);
  }

  /// As the console reaches it.
  public static PeerSettings like(List<ServerAddress> addresses, TlsSettings tls) {
    return new PeerSettings(addresses, tls.mode(), Optional.empty());
  }
}
