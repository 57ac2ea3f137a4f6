package dev.signalbox.cluster.query;

import dev.signalbox.cluster.access.CallFailures;
import dev.signalbox.cluster.settings.ClusterSettings.EngineSettings;
import dev.signalbox.cluster.settings.ClusterSettings.Limits;
import dev.signalbox.cluster.settings.Literals;
import dev.signalbox.strategy.Strategy;
import io.grpc.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/// Runs SQL on the database of one stack, read-only. Thread-safe.
public final class QueryEngine implements AutoCloseable {
  private final Strategy strategy;
  private final EngineSettings settings;
  private final Literals literals;
  private final Limits limits;
  private final Connections connections;
  private final EngineWatch watch;

  /// Connects to nothing yet, and looks at the server from now on.
  ///
  /// @param literals how clients write text
  /// @throws IllegalStateException with a sentence, when the password is not there
  public QueryEngine(Strategy strategy, EngineSettings settings, Literals literals, Limits limits) {
    this.strategy = strategy;
    this.settings = settings;
    this.literals = literals;
    this.limits = limits;
    this.connections = new Connections(strategy, settings, literals, limits);
    this.watch = new EngineWatch(strategy, connections);
  }

  /// A cursor on one statement, not started yet.
  ///
  /// @param schema searched before the usual ones; empty for none
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT, when it is not a statement for this
  ///   cluster
  public Cursor cursor(String sql, String schema) {
    return raw(check(sql), schema);
  }

  /// A cursor on the plan of a statement, one line in each row.
  ///
  /// @param analyze runs the statement
  public Cursor plan(String sql, String schema, boolean analyze) {
    return raw((analyze ? "EXPLAIN ANALYZE " : "EXPLAIN ") + check(sql), schema);
  }

  /// Refuses what [#cursor] would refuse.
  public String check(String sql) {
    if (sql.length() > limits.sqlCharacters()) {
      throw CallFailures.of(
          Status.Code.INVALID_ARGUMENT,
          "The statement has "
              + sql.length()
              + " characters; "
              + limits.sqlCharacters()
              + " are allowed (limits.sqlCharacters).");
    }
    return SqlText.single(sql, literals);
  }

  /// The schemas that the engine's role may use, a name in each row.
  public Cursor schemas() {
    return raw(
        "SELECT nspname FROM pg_namespace WHERE has_schema_privilege(oid, 'USAGE')"
            + " AND nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1",
        "");
  }

  /// The tables and views of a schema that the engine's role may read, a name in each row.
  public Cursor tables(String schema) {
    return raw(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = "
            + literal(schema)
            + " AND relkind IN ('r', 'p', 'v', 'm', 'f') AND has_schema_privilege(n.oid, 'USAGE')"
            + " AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1",
        "");
  }

  /// A cursor without rows and with the columns of a table.
  public Cursor columns(String schema, String table) {
    String name = (schema.isEmpty() ? "" : identifier(schema) + ".") + identifier(table);
    return raw("SELECT * FROM " + name + " LIMIT 0", "");
  }

  private Cursor raw(String sql, String schema) {
    return new Cursor(
        connections, strategy.wire(), settings.statementTimeout(), limits, sql, text(schema));
  }

  /// Means the same however the session reads literals.
  private static String literal(String text) {
    return "E'" + text(text).replace("\\", "\\\\").replace("'", "''") + "'";
  }

  private static String identifier(String text) {
    return "\"" + text(text).replace("\"", "\"\"") + "\"";
  }

  private static String text(String text) {
    if (text.indexOf('\0') >= 0) {
      throw CallFailures.of(
          Status.Code.INVALID_ARGUMENT, "A name cannot hold the character U+0000.");
    }
    return text;
  }

  /// Runs `SELECT 1` on a connection beside the pool: an engine that is merely busy is well. Blocks
  /// for some seconds at most.
  ///
  /// @throws io.grpc.StatusRuntimeException when the server did not do it
  public void probe(Duration timeout) {
    try (Connection connection = connections.open(timeout);
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
    } catch (SQLException e) {
      throw SqlFailures.of(e, strategy.wire(), timeout, false);
    }
  }

  /// The last look at the server, at most some seconds old.
  public EngineHealth health() {
    return watch.last();
  }

  @Override
  public void close() {
    watch.close();
    connections.close();
  }
}
