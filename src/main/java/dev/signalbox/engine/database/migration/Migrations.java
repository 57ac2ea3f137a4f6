package dev.signalbox.engine.database.migration;

import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.SqlState;
import dev.signalbox.engine.postgres.Verbatim;
import dev.signalbox.engine.timing.Retry;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies the scripts of a folder to a server, each once, in the order of their versions, and
/// takes them back. Thread-safe; one migrator at a time works on a server.
public final class Migrations {
  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration CACHED = Duration.ofSeconds(3);
  private static final Retry LOCKS =
      new Retry(12, n -> Duration.ofMillis(Math.min(2000, 50L << Math.min(n, 6))));

  private final Optional<Path> folder;
  private final List<String> schemas;
  private volatile @Nullable Cached cached;

  /// @param folder empty when the schema stays as it is: then no server is asked for a history
  /// @param schemas of the service, whose tables have the fence
  public Migrations(Optional<Path> folder, List<String> schemas) {
    this.folder = folder;
    this.schemas = List.copyOf(schemas);
  }

  private ScriptFolder scripts() throws ScriptException {
    return folder.isEmpty() ? ScriptFolder.NONE : ScriptFolder.read(folder.get());
  }

  /// Every script and every version that was ever applied, by rising version.
  ///
  /// @throws ScriptException when the folder cannot be used
  public List<State> status(PostgresServer server) throws SQLException, ScriptException {
    ScriptFolder scripts = scripts();
    Map<Version, MigrationHistory.Entry> applied =
        MigrationHistory.states(Guarded.ask(server, "migrate", LOOK, MigrationHistory::read));
    var versions = new java.util.TreeSet<>(applied.keySet());
    scripts.ups().forEach(s -> versions.add(s.version()));
    List<State> states = new ArrayList<>();
    for (Version version : versions) {
      states.add(
          state(
              version,
              scripts.up(version).orElse(null),
              applied.get(version),
              scripts.downs().containsKey(version)));
    }
    return states;
  }

  private static State state(
      Version version,
      @Nullable Script script,
      MigrationHistory.@Nullable Entry entry,
      boolean undoable) {
    String description =
        script != null ? script.description() : entry != null ? entry.description() : "";
    if (entry == null) {
      return new State(
          version.toString(),
          description,
          State.Standing.PENDING,
          "",
          undoable,
          null,
          "",
          Duration.ZERO);
    }
    return new State(
        version.toString(),
        description,
        standing(script, entry),
        entry.outcome(),
        undoable,
        entry.at(),
        entry.by(),
        entry.took());
  }

  private static State.Standing standing(@Nullable Script script, MigrationHistory.Entry entry) {
    if (!entry.applied()) {
      return State.Standing.NOT_APPLIED;
    }
    if (script == null) {
      return State.Standing.SCRIPT_MISSING;
    }
    return script.checksum().equals(entry.checksum())
        ? State.Standing.APPLIED
        : State.Standing.SCRIPT_EDITED;
  }

  /// Highest applied version and the number of scripts still to apply, for a screen. Reads the
  /// folder at most every few seconds.
  public Summary summary(Handle h) {
    if (folder.isEmpty()) {
      return new Summary("", 0, "");
    }
    Map<Version, MigrationHistory.Entry> states = MigrationHistory.states(MigrationHistory.read(h));
    String highest =
        states.values().stream()
            .filter(MigrationHistory.Entry::applied)
            .map(MigrationHistory.Entry::version)
            .max(Version::compareTo)
            .map(Version::toString)
            .orElse("");
    Cached scripts = cachedScripts();
    if (!scripts.problem().isEmpty()) {
      return new Summary(highest, Summary.UNKNOWN, scripts.problem());
    }
    int pending = 0;
    for (Script script : scripts.scripts()) {
      MigrationHistory.Entry entry = states.get(script.version());
      if (entry == null || !entry.applied()) {
        pending++;
      }
    }
    return new Summary(highest, pending, "");
  }

  private Cached cachedScripts() {
    Cached now = cached;
    if (now == null || now.at.isBefore(Instant.now().minus(CACHED))) {
      try {
        now = new Cached(Instant.now(), scripts().ups(), "");
      } catch (ScriptException e) {
        LOG.debug("migrations: {}", e.getMessage());
        now = new Cached(Instant.now(), List.of(), Objects.requireNonNullElse(e.getMessage(), ""));
      }
      cached = now;
    }
    return now;
  }

  /// Applies what is not applied yet. Where tables are shut, those that scripts create are too.
  ///
  /// @param epoch of the console; 0 for a database that no console drives yet
  /// @param upTo the last version to apply; null for all
  /// @param progress told of each script before it runs
  /// @return the versions applied now
  /// @throws ScriptException when an applied script was edited or is missing, or one cannot be used
  /// @throws SQLException when a script fails: it was rolled back, and that is recorded
  public List<String> apply(
      PostgresServer server, long epoch, @Nullable String upTo, Consumer<String> progress)
      throws SQLException, ScriptException, InterruptedException {
    return apply(server, epoch, upTo, progress, new MigrationFence(schemas, false));
  }

  /// The same on a target that is being prepared: scripts may write although its tables are shut,
  /// and all tables are shut when each script is committed.
  public List<String> applyToTarget(PostgresServer server, long epoch, Consumer<String> progress)
      throws SQLException, ScriptException, InterruptedException {
    return apply(server, epoch, null, progress, new MigrationFence(schemas, true));
  }

  /// Runs what is not applied yet in the transaction that is open on `h`, which the caller rolls
  /// back. On empty tables that costs nothing, and shows what the scripts make of them.
  ///
  /// @return what could not be tried in a transaction, each with file and line
  /// @throws SQLException when the folder cannot be used, or a script fails, with file and line
  public List<String> attempt(Handle h) throws SQLException {
    Map<Version, MigrationHistory.Entry> states = MigrationHistory.states(MigrationHistory.read(h));
    ScriptFolder scripts;
    try {
      scripts = scripts();
      verify(scripts, states);
    } catch (ScriptException e) {
      throw new SQLException(e.getMessage(), e);
    }
    MigrationTrial trial = new MigrationTrial(h);
    boolean _ = new MigrationFence(schemas, true).before(h);
    for (Script script : scripts.ups()) {
      MigrationHistory.Entry entry = states.get(script.version());
      if (entry == null || !entry.applied()) {
        trial.run(script);
      }
    }
    return trial.untried();
  }

  private List<String> apply(
      PostgresServer server,
      long epoch,
      @Nullable String upTo,
      Consumer<String> progress,
      MigrationFence fence)
      throws SQLException, ScriptException, InterruptedException {
    ScriptFolder scripts = scripts();
    Version last = upTo == null ? null : Version.parse(upTo);
    List<String> done = new ArrayList<>();
    Destination to = new Destination(server, epoch, progress);
    try (MigrationTurn turn = MigrationTurn.take(server)) {
      Map<Version, MigrationHistory.Entry> states = prepare(to);
      verify(scripts, states);
      for (Script script : scripts.ups()) {
        MigrationHistory.Entry entry = states.get(script.version());
        boolean applied = entry != null && entry.applied();
        if (applied || (last != null && script.version().compareTo(last) > 0)) {
          continue;
        }
        progress.accept(script.version() + " " + script.description());
        turn.check();
        boolean died = entry != null && entry.outcome().equals("running");
        run(to, script, script, "applied", died, fence);
        done.add(script.version().toString());
      }
    }
    return done;
  }

  /// Takes back every applied version above `toVersion`, the newest first, with its `U…` script.
  ///
  /// @param toVersion the version that shall be the highest; `0` to take back all
  public List<String> undo(
      PostgresServer server, long epoch, String toVersion, Consumer<String> progress)
      throws SQLException, ScriptException, InterruptedException {
    ScriptFolder scripts = scripts();
    Version lowest = Version.parse(toVersion);
    List<String> done = new ArrayList<>();
    Destination to = new Destination(server, epoch, progress);
    try (MigrationTurn turn = MigrationTurn.take(server)) {
      Map<Version, MigrationHistory.Entry> states = prepare(to);
      verify(scripts, states);
      List<Version> above =
          states.values().stream()
              .filter(e -> e.applied() && e.version().compareTo(lowest) > 0)
              .map(MigrationHistory.Entry::version)
              .sorted(java.util.Comparator.reverseOrder())
              .toList();
      for (Version version : above) {
        if (!scripts.downs().containsKey(version)) {
          throw new ScriptException(
              "Version " + version + " has no U" + version + "__….sql, so it cannot be undone.");
        }
      }
      for (Version version : above) {
        Script down = Objects.requireNonNull(scripts.downs().get(version));
        progress.accept("undo " + version + " " + down.description());
        turn.check();
        Script recorded = scripts.up(version).orElse(down);
        run(to, down, recorded, "undone", false, new MigrationFence(schemas, false));
        done.add(version.toString());
      }
    }
    return done;
  }

  private static Map<Version, MigrationHistory.Entry> prepare(Destination to) throws SQLException {
    return to.inTransaction(h -> {
      MigrationHistory.create(h);
      return MigrationHistory.states(MigrationHistory.read(h));
    });
  }

  /// Copies the history to another server whose schema was carried over; part of the transaction
  /// that is open there.
  public static void carry(Handle source, Handle target) {
    List<MigrationHistory.Entry> entries = MigrationHistory.read(source);
    if (entries.isEmpty()) {
      return;
    }
    MigrationHistory.create(target);
    for (MigrationHistory.Entry e : MigrationHistory.states(entries).values()) {
      if (e.applied()) {
        Script script = new Script(e.version(), e.description(), "history", e.script(), List.of());
        MigrationHistory.add(target, script, e.took().toMillis(), "applied", "carried over");
      }
    }
  }

  private static void verify(ScriptFolder scripts, Map<Version, MigrationHistory.Entry> states)
      throws ScriptException {
    for (MigrationHistory.Entry entry : states.values()) {
      if (!entry.applied()) {
        continue;
      }
      Script script = scripts.up(entry.version()).orElse(null);
      if (script == null) {
        throw new ScriptException(
            "Version "
                + entry.version()
                + " ("
                + entry.description()
                + ") was applied, but its script is no longer in the folder; put it back.");
      }
      if (!script.checksum().equals(entry.checksum())) {
        throw new ScriptException(
            "'"
                + script.file()
                + "' was edited after it was applied at "
                + entry.at()
                + "; put the applied text back and write a new script for the change:\n"
                + TextDiff.of(entry.script(), script.text()));
      }
    }
  }

  private static void run(
      Destination to,
      Script script,
      Script recorded,
      String outcome,
      boolean died,
      MigrationFence fence)
      throws SQLException, InterruptedException {
    long start = System.nanoTime();
    try {
      if (script.alone()) {
        NonTransactionalRun.run(to, script, recorded, outcome, died);
      } else {
        patiently(to, script, recorded, outcome, start, fence);
      }
    } catch (SQLException e) {
      long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
      if (!SqlState.DEPOSED.equals(e.getSQLState())) {
        recordFailure(to, recorded, millis, e);
      }
      throw e;
    }
  }

  private static void recordFailure(Destination to, Script script, long millis, SQLException why) {
    try {
      to.record(script, millis, "failed", Objects.toString(why.getMessage(), ""));
    } catch (SQLException e) {
      why.addSuppressed(e);
    }
  }

  /// A lock that is not given soon is given up, so that nobody queues behind this, and asked for
  /// again later.
  private static void patiently(
      Destination to,
      Script script,
      Script recorded,
      String outcome,
      long start,
      MigrationFence fence)
      throws SQLException, InterruptedException {
    LOCKS.call(
        () ->
            to.inTransaction(h -> {
              Verbatim.run(h, "SET LOCAL lock_timeout = '400ms'; SET LOCAL statement_timeout = 0");
              boolean shut = fence.before(h);
              for (SqlStatement statement : script.statements()) {
                execute(h, script, statement);
              }
              Verbatim.run(h, "RESET search_path; RESET ROLE");
              fence.after(h, shut);
              long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
              MigrationHistory.add(h, recorded, millis, outcome, "");
              return true;
            }),
        to.waitsForALock(script, LOCKS.attempts()));
  }

  static void execute(Handle h, Script script, SqlStatement statement) throws SQLException {
    try {
      Verbatim.run(h, statement.text());
    } catch (SQLException e) {
      throw new SQLException(
          script.file() + ", line " + statement.line() + ": " + e.getMessage(), e.getSQLState(), e);
    }
  }

  private record Cached(Instant at, List<Script> scripts, String problem) {}

  /// @param version highest applied; empty when none
  /// @param pending scripts still to apply; [#UNKNOWN] when the folder cannot be used
  /// @param problem why it cannot, in a sentence; empty when it can
  public record Summary(String version, int pending, String problem) {
    /// How many scripts are pending is not known.
    public static final int UNKNOWN = -1;
  }

  /// One line of the status.
  ///
  /// @param outcome of the last attempt: `applied`, `failed`, `undone`, `running`; empty when there
  ///   was none
  /// @param undoable whether it has a `U…` script
  /// @param at time of the last attempt; null when there was none
  public record State(
      String version,
      String description,
      Standing standing,
      String outcome,
      boolean undoable,
      @Nullable Instant at,
      String by,
      Duration took) {
    /// What the script and the history together say.
    public enum Standing {
      PENDING,
      APPLIED,
      /// It was tried, and failed or was undone; it will be applied again.
      NOT_APPLIED,
      SCRIPT_EDITED,
      SCRIPT_MISSING
    }
  }
}
