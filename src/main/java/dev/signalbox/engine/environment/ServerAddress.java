package dev.signalbox.engine.environment;

/// Where a server listens.
///
/// @param host a name, or an address without brackets
/// @param port 1 to 65535
public record ServerAddress(String host, int port) {
  /// As URLs have it, `db.example:5432` or `[::1]:5432`.
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
