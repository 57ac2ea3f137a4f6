package dev.signalbox.engine.database.move;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.database.barrier.Barrier;
import dev.signalbox.engine.database.pair.Blockers;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.sync.Marker;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.SqlState;
import dev.signalbox.engine.postgres.Verbatim;
import dev.signalbox.engine.release.StepContext;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;

/// The hot path of one move, on connections that were opened and warmed before anybody waits.
///
/// The fence is a transaction that stays open in this process: nothing is written on the old side
/// while it is held, and if this process dies, the server rolls it back and the old side goes on.
/// If this process freezes, the server ends the transaction after [#DEAD_MAN]. Not thread-safe; the
/// conductor runs one step at a time.
public final class Cutover implements AutoCloseable {
  /// The longest that a fence is held without a word from this process.
  static final Duration DEAD_MAN = Duration.ofSeconds(5);

  private static final Duration ANSWER = Duration.ofMillis(1500);
  private static final int FENCE_ATTEMPTS = 4;

  /// Nobody waits yet, and what is in the way may be replication itself, or an ANALYZE.
  private static final int WARM_ATTEMPTS = 12;

  private static final int WARM = 30;
  private static final Executor BESIDE = Executors.newVirtualThreadPerTaskExecutor();

  private final Move move;
  private final DatabasePair pair;
  private final Barrier barrier;
  private final long epoch;
  private final List<PostgresSession> all = new ArrayList<>();
  private final PostgresSession fence;
  private final PostgresSession oldSide;
  private final PostgresSession newSide;
  private final PostgresSession newSideToo;
  private final PostgresSession opening;
  private final List<TableName> oldTables;
  private final List<TableName> newTables;
  private final List<Sequences.Sequence> sequences;
  private final String readSequences;
  private final boolean oldClosed;
  private boolean fenced;
  private boolean opened;
  private boolean asked;

  /// Opens and warms everything.
  public Cutover(DatabasePair pair, Barrier barrier, Move move, long epoch) throws SQLException {
    this.pair = pair;
    this.barrier = barrier;
    this.move = move;
    this.epoch = epoch;
    try {
      fence = connect(move.from(), "fence");
      oldSide = connect(move.from(), "marker");
      newSide = connect(move.to(), "marker");
      newSideToo = connect(move.to(), "marker");
      opening = connect(move.to(), "open");
      List<Catalogue.Table> old = tables(oldSide);
      oldTables = names(old);
      newTables = names(tables(newSide));
      oldClosed = Fence.state(old) == Fence.State.CLOSED;
      sequences = common();
      readSequences = Sequences.reading(sequences);
      warm();
    } catch (SQLException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private PostgresSession connect(Colour colour, String purpose) throws SQLException {
    PostgresSession session = PostgresSession.open(pair.server(colour), purpose, ANSWER);
    all.add(session);
    return session;
  }

  private List<Catalogue.Table> tables(PostgresSession session) throws SQLException {
    return session.ask(h -> Catalogue.tables(h, pair.schemas()));
  }

  private static List<TableName> names(List<Catalogue.Table> tables) throws SQLException {
    for (Catalogue.Table table : tables) {
      if (table.fence().isEmpty()) {
        throw new SQLException(
            "Table "
                + table.name()
                + " carries no fence, so writes to it could not be stopped. It was created after the"
                + " release began; drop the table, or give the release up.");
      }
    }
    return tables.stream().map(Catalogue.Table::name).toList();
  }

  /// Only sequences that both sides have: those that a migration added have no value to take over.
  private List<Sequences.Sequence> common() throws SQLException {
    List<TableName> there = all(newSide).stream().map(Sequences.Sequence::name).toList();
    return all(oldSide).stream().filter(s -> there.contains(s.name())).toList();
  }

  private List<Sequences.Sequence> all(PostgresSession session) throws SQLException {
    return session.ask(h -> Sequences.all(h, pair.schemas()));
  }

  private void warm() throws SQLException {
    prepare(fence, 200);
    prepare(opening, 300);
    // The catalogue caches of these sessions and what the driver asks at its first statements.
    warmTriggers();
    fence.run(h -> {
      Guarded.begin(h, epoch);
      Catalogue.tables(h, pair.schemas());
      h.rollback();
    });
    // A process that has just begun: the first statements cost milliseconds, these some tenths.
    for (int i = 0; i < WARM; i++) {
      newSide.run(h -> Marker.seen(h, move.from()));
      oldSide.run(h -> Marker.seen(h, move.to()));
      oldSide.run(this::readSequences);
    }
  }

  /// @param patience for a lock, milliseconds
  private static void prepare(PostgresSession session, int patience) throws SQLException {
    session.run(h -> {
      h.execute("SET idle_in_transaction_session_timeout = " + DEAD_MAN.toMillis());
      h.execute("SET lock_timeout = " + patience);
      h.execute("SET synchronous_commit = on");
      // A vacuum in the way is cancelled by the deadlock check, which begins this early.
      h.execute(
          """
          SELECT set_config('deadlock_timeout', '5ms', false)
          WHERE has_parameter_privilege('deadlock_timeout', 'SET')
          """);
    });
  }

  private List<Sequences.Value> readSequences(Handle h) {
    return Sequences.read(h, readSequences);
  }

  /// On the new side, which nobody uses: the same statements as later, rolled back.
  private void warmTriggers() throws SQLException {
    String sql = barrier.statements(newTables, true);
    for (int attempt = 1; ; attempt++) {
      try {
        begin(opening, sql);
        opening.run(Handle::rollback);
        return;
      } catch (SQLException e) {
        if (!SqlState.mayPass(e)) {
          throw e;
        } else if (attempt == WARM_ATTEMPTS) {
          throw new SQLException(
              "The tables of "
                  + move.to()
                  + " cannot be locked, so it cannot be opened. In the way: "
                  + Blockers.describe(pair, move.to())
                  + ". End that transaction, then try again.",
              e.getSQLState(),
              e);
        }
        opening.run(Handle::rollback);
      }
    }
  }

  private void begin(PostgresSession session, String sql) throws SQLException {
    session.run(h -> {
      Guarded.begin(h, epoch);
      Verbatim.run(h, sql);
    });
  }

  /// Both ways, before anything waits.
  public Duration prove(StepContext context) throws SQLException, InterruptedException {
    long start = System.nanoTime();
    roundTrips(context);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  boolean fenced() {
    try {
      return fenced && fence.ask(h -> h.getConnection().isValid(1));
    } catch (SQLException e) {
      return false;
    }
  }

  /// Whether the old side was closed already when this began, as after a crash in the switch.
  boolean oldClosed() {
    return oldClosed;
  }

  /// Whether the fence is held, as far as this process knows; if it was lost, the commit fails.
  boolean holding() {
    return fenced;
  }

  /// Whether the opening of the new side was asked for: from then on it may be open, whatever the
  /// answer was.
  boolean asked() {
    return asked;
  }

  boolean is(Move other, long otherEpoch) {
    return move.equals(other) && epoch == otherEpoch;
  }

  /// Waits for writers in flight and keeps new ones out. Held until [#commit] or [#release].
  String fence(StepContext context) throws SQLException, InterruptedException {
    String sql = barrier.statements(oldTables, true);
    for (int attempt = 1; ; attempt++) {
      try {
        begin(fence, sql);
        fenced = true;
        return oldTables.size()
            + " tables of "
            + move.from()
            + " refuse writes"
            + (attempt == 1 ? "" : ", at attempt " + attempt);
      } catch (SQLException e) {
        if (fence.closed()) {
          throw e;
        }
        fence.run(Handle::rollback);
        if (!SqlState.mayPass(e) || attempt == FENCE_ATTEMPTS || late(context)) {
          throw new SQLException(
              "Writers on "
                  + move.from()
                  + " could not be stopped: "
                  + e.getMessage()
                  + ". In the way: "
                  + Blockers.describe(pair, move.from())
                  + ". Nothing was changed.",
              e.getSQLState(),
              e);
        }
        Thread.sleep(20L * attempt);
      }
    }
  }

  private static boolean late(StepContext context) {
    return Instant.now().isAfter(context.deadline());
  }

  /// The new side has every write of the old one, the way back works, and the sequences are set.
  /// Ends with a transaction held open on the new side that opens it.
  String catchUp(StepContext context) throws SQLException, InterruptedException {
    CompletableFuture<Void> set = CompletableFuture.runAsync(this::carrySequences, BESIDE);
    Duration took;
    try {
      took = roundTrips(context);
    } finally {
      settle(set);
    }
    prepareOpening(context);
    return "a marker written after the last write was seen on "
        + move.to()
        + " after "
        + DurationText.words(took)
        + ", the way back works, "
        + sequences.size()
        + " sequences set";
  }

  private void carrySequences() {
    try {
      List<Sequences.Value> values = oldSequenceReader().ask(this::readSequences);
      if (!values.isEmpty()) {
        newSideToo.run(h -> Verbatim.run(h, Sequences.setting(sequences, values)));
      }
    } catch (SQLException e) {
      throw new CompletionException(e);
    }
  }

  /// The fencing session itself while it is held: it is idle now. After a crash the other one.
  private PostgresSession oldSequenceReader() {
    return fenced ? fence : oldSide;
  }

  /// @return how long the forward marker took from its commit until it was seen
  private Duration roundTrips(StepContext context) throws SQLException, InterruptedException {
    CompletableFuture<Long> back =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return newSide.ask(h -> Marker.beat(h, epoch, move.to()));
              } catch (SQLException e) {
                throw new CompletionException(e);
              }
            },
            BESIDE);
    long forward;
    long reverse;
    try {
      forward = oldSide.ask(h -> Marker.beat(h, epoch, move.from()));
    } finally {
      reverse = settle(back);
    }
    long committed = System.nanoTime();
    if (forward == 0 || reverse == 0) {
      throw new SQLException(
          "The marker row is missing on "
              + (forward == 0 ? move.from() : move.to())
              + ": replication was not set up completely. Run the release from its beginning.");
    }
    await(context, newSide, move.from(), forward);
    Duration took = Duration.ofNanos(System.nanoTime() - committed);
    await(context, oldSide, move.to(), reverse);
    return took;
  }

  private void await(StepContext context, PostgresSession session, Colour writer, long sequence)
      throws SQLException, InterruptedException {
    for (int look = 0; session.ask(h -> Marker.seen(h, writer)) < sequence; look++) {
      if (late(context)) {
        throw new SQLException(
            "The marker of "
                + writer
                + " did not arrive on "
                + writer.other()
                + " in time: replication from "
                + writer
                + " is behind or broken.");
      }
      if (look % 64 == 63) {
        context.check();
      }
      LockSupport.parkNanos(200_000);
    }
  }

  private void prepareOpening(StepContext context) throws SQLException, InterruptedException {
    String sql = barrier.statements(newTables, false);
    for (int attempt = 1; ; attempt++) {
      try {
        begin(opening, sql);
        opened = true;
        return;
      } catch (SQLException e) {
        if (opening.closed()
            || !SqlState.mayPass(e)
            || attempt == FENCE_ATTEMPTS
            || late(context)) {
          throw e;
        }
        opening.run(Handle::rollback);
      }
    }
  }

  /// Closes the old side for good, and opens nothing yet.
  String closeOldSide() throws SQLException {
    fence.run(Handle::commit);
    fenced = false;
    return move.from() + " is closed for writes";
  }

  /// Closes the old side for good, then opens the new one. Between the two neither takes writes;
  /// after a failure in between, the same step goes on or its undo goes back.
  String commit(StepContext context) throws SQLException, InterruptedException {
    if (!opened) {
      prepareOpening(context);
    }
    if (fenced) {
      fence.run(Handle::commit);
      fenced = false;
    }
    asked = true;
    opening.run(Handle::commit);
    opened = false;
    return move.from() + " is closed for writes, " + move.to() + " is open";
  }

  /// Gives the fence back. Nothing was changed on either side. The new side is not asked: it may
  /// hang, and rolls back when it sees that the connection is gone.
  void release() throws SQLException {
    fenced = false;
    opened = false;
    opening.abandon();
    try {
      if (!fence.closed()) {
        fence.run(Handle::rollback);
      }
    } catch (SQLException e) {
      // The server rolls back when it sees that the connection is gone.
      fence.abandon();
      throw e;
    }
  }

  private static <T> T settle(CompletableFuture<T> future) throws SQLException {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SQLException sql) {
        throw sql;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    all.forEach(PostgresSession::abandon);
  }
}
