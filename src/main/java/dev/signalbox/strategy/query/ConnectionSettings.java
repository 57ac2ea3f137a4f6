package dev.signalbox.strategy.query;

import dev.signalbox.strategy.ClusterKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where and as whom to connect. Immutable; begin with [#of] and add what differs.
///
/// @param catalog of queries; empty to let the cluster choose
/// @param schema of queries; may be empty
/// @param tls null for plain text
/// @param resumeWithin how long a suspended cluster is waited for after it was told to resume; zero
///   to leave it suspended and fail
public record ConnectionSettings(
    ClusterKey cluster,
    Credentials credentials,
    String catalog,
    String schema,
    @Nullable Tls tls,
    Duration resumeWithin) {
  private static final Duration LONGEST_RESUME = Duration.ofHours(1);

  /// @throws IllegalArgumentException when `resumeWithin` is negative or longer than an hour
  public ConnectionSettings {
    if (resumeWithin.isNegative() || resumeWithin.compareTo(LONGEST_RESUME) > 0) {
      throw new IllegalArgumentException(
          "A suspended cluster can be waited for between 0 s and 1 h, not "
              + resumeWithin.toSeconds()
              + " s.");
    }
  }

  /// Plain text, no catalogue, no resuming.
  public static ConnectionSettings of(ClusterKey cluster, Credentials credentials) {
    return new ConnectionSettings(cluster, credentials, "", "", null, Duration.ZERO);
  }

  public ConnectionSettings withCatalog(String name) {
    return new ConnectionSettings(cluster, credentials, name, schema, tls, resumeWithin);
  }

  public ConnectionSettings withSchema(String name) {
    return new ConnectionSettings(cluster, credentials, catalog, name, tls, resumeWithin);
  }

  public ConnectionSettings withTls(Tls how) {
    return new ConnectionSettings(cluster, credentials, catalog, schema, how, resumeWithin);
  }

  public ConnectionSettings withResume(Duration within) {
    return new ConnectionSettings(cluster, credentials, catalog, schema, tls, within);
  }
}
