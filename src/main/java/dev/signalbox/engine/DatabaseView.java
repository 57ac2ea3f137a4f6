package dev.signalbox.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a database plane saw: one database on both servers, and the replication between them.
///
/// @param id of the plane: `database`, or `database.orders` for one of several
/// @param applications what the applications of each stack acknowledge; none for a stack that
///   cannot say it
/// @param routes what leads all applications to one side or the other; none when each stack has its
///   own
/// @param blockers what a move from each side would have to wait for, the oldest first; none for a
///   side that does not answer
public record DatabaseView(
    String id,
    Instant at,
    Map<Colour, Server> servers,
    Replication replication,
    Consistency consistency,
    Map<Colour, Application> applications,
    List<Route> routes,
    Map<Colour, List<Blocker>> blockers)
    implements PlaneView {
  private static final String ONE_OF_SEVERAL = "database.";

  public DatabaseView {
    routes = List.copyOf(routes);
  }

  /// Without a route that is switched, and where nothing is in the way.
  public DatabaseView(
      String id,
      Instant at,
      Map<Colour, Server> servers,
      Replication replication,
      Consistency consistency,
      Map<Colour, Application> applications) {
    this(id, at, servers, replication, consistency, applications, List.of(), Map.of());
  }

  /// What it is called among the databases of its environment; empty when there is only one.
  public String name() {
    return id.startsWith(ONE_OF_SEVERAL) ? id.substring(ONE_OF_SEVERAL.length()) : "";
  }

  /// In a sentence: `the database of blue`, or `the database orders of blue` for one of several.
  public String title(Colour colour) {
    return "the database " + (name().isEmpty() ? "" : name() + " ") + "of " + colour;
  }

  /// What the applications of a stack say of their database.
  ///
  /// @param acknowledged the one that they are connected to, asked of it; null when neither, or not
  ///   known
  /// @param generation of what they were told and acknowledge; -1 before the first
  /// @param problem why they are not known to use their own; empty when they do
  public record Application(@Nullable Colour acknowledged, long generation, String problem) {}

  /// A transaction that has been open for long, and that the fence or a slot has to wait for.
  ///
  /// @param pid of its session; 0 for a prepared transaction: it has none
  /// @param database that it is in
  /// @param role or the kind of process
  /// @param query the beginning of its last statement, without values, or the name of a prepared
  ///   transaction
  public record Blocker(
      Kind kind, int pid, String database, String role, String query, Duration age) {
    public enum Kind {
      WRITER,
      /// It waits for its client in the middle of a transaction.
      IDLE,
      PREPARED,
      /// It has written in another database of the server: slots wait for it, too.
      OTHER_DATABASE,
      /// One against wraparound, which gives way to nobody.
      VACUUM
    }

    /// In a sentence.
    @Override
    public String toString() {
      String age = DurationText.words(age());
      return switch (kind) {
        case PREPARED ->
            "prepared transaction '"
                + query
                + "' of "
                + role
                + " in database "
                + database
                + ", prepared "
                + age
                + " ago (COMMIT PREPARED or ROLLBACK PREPARED ends it)";
        case VACUUM -> "autovacuum against wraparound, session " + pid + ", for " + age;
        case WRITER, IDLE, OTHER_DATABASE ->
            "session "
                + pid
                + " of "
                + role
                + (kind == Kind.OTHER_DATABASE ? " in database " + database : "")
                + ", open for "
                + age
                + (kind == Kind.IDLE ? " and idle in transaction" : "")
                + ", last statement '"
                + query
                + "'";
      };
    }
  }

  /// One place that all applications use, and that a move leads from one side to the other.
  ///
  /// @param name of it, such as `PgBouncer 10.0.0.7:6432`
  /// @param leads the side that it leads to; null when that is not known, or not the same
  ///   everywhere
  /// @param paused whether transactions wait in it
  /// @param problem why it could not be switched now; empty when it could
  public record Route(String name, @Nullable Colour leads, boolean paused, String problem) {}

  /// One server.
  ///
  /// @param reachable whether it answered the last poll within its timeout
  /// @param at when it last answered
  /// @param problem why it does not answer; empty when it does
  /// @param position end of its log
  /// @param size of the database, bytes
  /// @param access whether applications may write to it
  /// @param schemaVersion highest applied migration; empty when none
  /// @param pendingMigrations scripts of this release that are not applied there yet; negative when
  ///   they cannot be read, so that this is not known
  /// @param largest its largest tables, with estimated rows
  /// @param encryption of the console's connection, as the server says it
  public record Server(
      Colour colour,
      boolean reachable,
      Instant at,
      String problem,
      String serverVersion,
      @Nullable Lsn position,
      long size,
      Access access,
      int connections,
      int openTransactions,
      Duration oldestTransaction,
      double transactionsPerSecond,
      String schemaVersion,
      int pendingMigrations,
      List<TableSize> largest,
      Encryption encryption) {
    /// Of which nobody knows whether the connection is encrypted.
    public Server(
        Colour colour,
        boolean reachable,
        Instant at,
        String problem,
        String serverVersion,
        @Nullable Lsn position,
        long size,
        Access access,
        int connections,
        int openTransactions,
        Duration oldestTransaction,
        double transactionsPerSecond,
        String schemaVersion,
        int pendingMigrations,
        List<TableSize> largest) {
      this(
          colour,
          reachable,
          at,
          problem,
          serverVersion,
          position,
          size,
          access,
          connections,
          openTransactions,
          oldestTransaction,
          transactionsPerSecond,
          schemaVersion,
          pendingMigrations,
          largest,
          Encryption.UNKNOWN);
    }

    /// The problem of a server that nobody has asked yet.
    public static final String NOT_ASKED = "not asked yet";

    /// Whether it answered, or failed to: before that nothing is known of it.
    public boolean asked() {
      return !problem.equals(NOT_ASKED);
    }
  }

  /// Whether a connection is encrypted.
  public enum Encryption {
    UNKNOWN,
    NONE,
    TLS;

    /// @param encrypted null when it is not known
    public static Encryption of(@Nullable Boolean encrypted) {
      return encrypted == null ? UNKNOWN : encrypted ? TLS : NONE;
    }
  }

  /// Whether applications may write.
  public enum Access {
    UNKNOWN,
    READ_WRITE,
    /// Every user table carries the fence: applications get an error, replication goes on.
    FENCED
  }

  public record TableSize(TableName table, long rows, long bytes) {}

  /// A table, unquoted names.
  public record TableName(String schema, String name) {
    @Override
    public String toString() {
      return schema.equals("public") ? name : schema + "." + name;
    }
  }

  /// @param source the stack that is copied from at the beginning of the release
  /// @param forward from the source to the target
  /// @param reverse the way back; armed before the target is opened
  public record Replication(
      Colour source, Direction forward, Direction reverse, List<TableProgress> tables) {}

  /// One direction.
  ///
  /// @param lagBytes log not yet applied on the other side; -1 when unknown
  /// @param lag time from commit to applied on the other side; null when unknown
  /// @param retainedBytes log kept for it on the sending server
  /// @param problem why it is broken, or not known; empty when there is nothing to say
  public record Direction(
      Direction.State state,
      long lagBytes,
      @Nullable Duration lag,
      double bytesPerSecond,
      long retainedBytes,
      String problem) {
    public enum State {
      /// A server that knows of it was not asked yet, or does not answer.
      UNKNOWN,
      /// Both servers were seen, and neither has an end of it.
      ABSENT,
      COPYING,
      STREAMING,
      BROKEN
    }
  }

  /// @param copiedRows so far; @param totalRows an estimate
  public record TableProgress(
      TableName table, String state, long copiedRows, long totalRows, long copiedBytes) {}

  /// The last comparison of the two databases, in the release under way.
  ///
  /// @param progress 0 to 1
  /// @param compared what was found table by table, as far as this console compared them itself
  public record Consistency(
      Consistency.State state,
      double progress,
      int tables,
      long rows,
      @Nullable Instant at,
      String evidence,
      List<Compared> compared) {
    /// How long two tables that were equal may be called so, while replication runs.
    public static final Duration HOLDS = Duration.ofHours(1);

    public Consistency {
      compared = List.copyOf(compared);
    }

    /// Without what was found of each table.
    public Consistency(
        Consistency.State state,
        double progress,
        int tables,
        long rows,
        @Nullable Instant at,
        String evidence) {
      this(state, progress, tables, rows, at, evidence, List.of());
    }

    /// What was found of a table; null when this console did not compare it.
    public @Nullable Compared of(TableName table) {
      for (Compared each : compared) {
        if (each.table().equals(table)) {
          return each;
        }
      }
      return null;
    }

    /// One table.
    ///
    /// @param at when it was compared
    public record Compared(TableName table, boolean same, Instant at) {}

    public enum State {
      NOT_RUN,
      RUNNING,
      IDENTICAL,
      DIFFERENT,
      FAILED
    }
  }
}
