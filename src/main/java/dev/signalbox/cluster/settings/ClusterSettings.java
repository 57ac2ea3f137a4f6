package dev.signalbox.cluster.settings;

import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.strategy.Strategy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `cluster.yaml` says. Holds no secret, only where each is.
///
/// @param listen for clients; port 0 to choose one
/// @param control for the console; plain text on loopback
/// @param controlToken the bearer token of the control service
/// @param tls for clients; null for plain text
/// @param stateFile keeps which stack is live; its folder must exist
/// @param readyFile written once the cluster listens; null for none
/// @param initial the live stack while there is no state file
/// @param users a file of `name:hash` and `name:hash:operator` lines
/// @param literals how the clients of both stacks write text
public record ClusterSettings(
    InetSocketAddress listen,
    InetSocketAddress control,
    SecretSource controlToken,
    @Nullable Tls tls,
    Path stateFile,
    @Nullable Path readyFile,
    Strategy initial,
    Path users,
    Literals literals,
    Map<Strategy, EngineSettings> engines,
    Limits limits) {
  /// PEM files: a certificate chain and its private key without a password.
  public record Tls(Path certificate, Path key) {}

  /// How the cluster reaches one database.
  ///
  /// @param user a role that may only SELECT
  /// @param statementTimeout 100 ms to 24 h
  /// @param connections queries that run or stream at a time, 1 to 1000
  public record EngineSettings(
      String host,
      int port,
      String database,
      String user,
      SecretSource password,
      Duration statementTimeout,
      int connections) {
    /// How many of them the queries of one session may hold at a time.
    public int connectionsPerSession() {
      return Math.max(1, connections / 2);
    }
  }

  /// Bounds on what clients may cost.
  ///
  /// @param sessions in all
  /// @param queries open ones in all
  /// @param batchBytes about so many bytes of values in a batch
  /// @param bufferedBytes from PostgreSQL that one query may keep in memory
  /// @param waitingBytes of the first batches that wait for their readers, on each engine; beyond,
  ///   no statement begins
  /// @param messageBytes of an inbound message
  /// @param sessionIdle after which a session ends with its queries
  /// @param queryIdle after which a query that nobody asks about ends
  public record Limits(
      int sessions,
      int sessionsPerUser,
      int queries,
      int queriesPerSession,
      int batchBytes,
      int batchRows,
      int bufferedBytes,
      int waitingBytes,
      int sqlCharacters,
      int messageBytes,
      Duration sessionIdle,
      Duration queryIdle) {
    /// What stands for limits that are left out.
    public static Limits defaults() {
      return new Limits(
          usual("sessions"),
          usual("sessionsPerUser"),
          usual("queries"),
          usual("queriesPerSession"),
          usual("batchBytes"),
          usual("batchRows"),
          usual("bufferedBytes"),
          usual("waitingBytes"),
          usual("sqlCharacters"),
          usual("messageBytes"),
          ClusterFile.SETTINGS.usualDuration("/limits/sessionIdle"),
          ClusterFile.SETTINGS.usualDuration("/limits/queryIdle"));
    }

    private static int usual(String limit) {
      return ClusterFile.SETTINGS.usualNumber("/limits/" + limit);
    }
  }
}
