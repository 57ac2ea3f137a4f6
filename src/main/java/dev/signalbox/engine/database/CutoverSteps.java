package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.database.replication.Channel;
import dev.signalbox.engine.database.replication.Sequences;
import dev.signalbox.engine.database.replication.Subscription;
import dev.signalbox.engine.database.route.Routes;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.Unreachable;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The steps of a move, in either direction, and what brings them back.
///
/// At every moment at most one side takes writes. The old side is closed before the new one is
/// opened; going back, the new side is closed and its writes are carried over before the old one is
/// opened. Two cases cannot wait for a side that does not answer:
///
/// - Its opening was never confirmed, so nobody was sent there: the old side is opened again, and a
///   debt is written down there (see `Debts`).
/// - The operator acknowledged that its writes are lost: the other side is opened without it, with
///   the same debt.
///
/// In any other case the move holds: closed on both sides is safe, open on both is not.
final class CutoverSteps {
  private static final Duration SOON = Duration.ofMillis(700);
  private static final Duration QUICK = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final DatabasePair pair;
  private final Fencing fencing;
  private final Debts debts;
  private final Routes routes;
  private final Object lock = new Object();
  private @Nullable Cutover held;

  /// The move that was begun without its old side, by this console.
  private volatile @Nullable Alone alone;

  /// A move without its old side: decided once, when it is announced, because asking a server that
  /// hangs takes longer than requests may wait.
  private record Alone(Move move, long epoch) {}

  /// Where a move may go without its old side. Going the other way the operator's word is for the
  /// new side: that of taking a switch back.
  private volatile @Nullable Colour origin;

  CutoverSteps(DatabasePair pair, Fencing fencing, Debts debts, Routes routes) {
    this.routes = routes;
    this.pair = pair;
    this.fencing = fencing;
    this.debts = debts;
  }

  List<Step> steps(Move move, ReleaseInfo release) {
    origin = release.origin();
    List<Step> steps = new ArrayList<>(upToClosed(move));
    if (!pair.settings().name().isEmpty()) {
      steps.add(closing(move));
    }
    steps.addAll(fromOpening(move));
    return steps;
  }

  private List<Step> upToClosed(Move move) {
    return List.of(
        pair.step(
            "announce",
            "Warm up and prove both ways",
            Stage.ANNOUNCE,
            Duration.ofSeconds(20),
            c -> switched(move, c),
            c -> announce(move, c),
            c -> close()),
        pair.step(
            "fence",
            "Fence " + move.from(),
            Stage.FENCE,
            QUICK,
            c -> fenced(move, c),
            c -> fence(move, c),
            c -> undoFence(move, c)),
        pair.step(
            "catch-up",
            "Wait until " + move.to() + " has every write",
            Stage.CATCH_UP,
            QUICK,
            c -> switched(move, c),
            c -> catchUp(move, c),
            c -> {}));
  }

  /// One of several databases: no new side is opened before every old one is closed.
  private Step closing(Move move) {
    return pair.step(
        "close",
        "Close " + move.from(),
        Stage.CLOSE,
        QUICK,
        c -> settled(move.from(), c) == Fence.State.CLOSED,
        c -> close(move, c),
        c -> undoCommit(move, c));
  }

  private List<Step> fromOpening(Move move) {
    return List.of(
        pair.step(
            "switch",
            "Close " + move.from() + ", open " + move.to(),
            Stage.COMMIT,
            Duration.ofSeconds(5),
            c ->
                withoutOldSide(move, c)
                    ? owes(move, c) && settled(move.to(), c) == Fence.State.OPEN
                    : switched(move, c),
            c -> commit(move, c),
            c -> undoCommit(move, c)),
        pair.step(
            "verify",
            "See writes arrive on " + move.to(),
            Stage.VERIFY,
            Duration.ofSeconds(10),
            c -> false,
            c -> verify(move, c),
            c -> {}));
  }

  private Fence.State state(Colour colour) throws SQLException {
    return Guarded.ask(
        pair.server(colour), "look", LOOK, h -> Fence.state(Catalogue.tables(h, pair.schemas())));
  }

  /// What the fence of a side is and stays. What decides whether a move was made, and what may be
  /// opened, asks this: an answer that only says what is committed now is not enough.
  private Fence.State settled(Colour colour, StepContext context)
      throws SQLException, InterruptedException {
    return fencing.settled(colour, context, LOOK);
  }

  /// The same while requests wait: a server that hangs takes seconds to be given up by the driver,
  /// so what does not answer within [#SOON] counts as unreachable. The question ends by its own
  /// timeout.
  private Fence.State soon(Colour colour, StepContext context)
      throws SQLException, InterruptedException {
    FutureTask<Fence.State> question = new FutureTask<>(() -> state(colour));
    Thread.ofVirtual().name("look " + colour).start(question);
    try {
      question.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SQLException sql ? sql : new SQLException(e.getCause());
    } catch (TimeoutException e) {
      throw new SQLException(
          colour + " does not answer within " + SOON.toMillis() + " ms.", "08006", e);
    }
    return settled(colour, context);
  }

  private boolean switched(Move move, StepContext context)
      throws SQLException, InterruptedException {
    // The old side first: while it is open, nothing was switched, whether the new one answers or
    // not.
    return settled(move.from(), context) == Fence.State.CLOSED
        && settled(move.to(), context) == Fence.State.OPEN;
  }

  private boolean fenced(Move move, StepContext context) throws SQLException, InterruptedException {
    Cutover now = current();
    return (now != null && now.fenced()) || settled(move.from(), context) == Fence.State.CLOSED;
  }

  private String announce(Move move, StepContext context) throws Exception {
    close();
    alone = null;
    routes.point(move.to(), context.epoch());
    routes.await(move.to(), context);
    if (context.lossAcknowledged() && move.to() == origin && gone(move.from())) {
      alone = new Alone(move, context.epoch());
      return move.from() + " does not answer; " + move.to() + " is opened without it";
    }
    if (move.to() == origin) {
      // Tables that the new version created since: they do not lock the way back. The other way
      // they would be left behind, and the move is refused.
      fencing.install(move.from(), false, context);
    }
    fencing.install(move.to(), true, context);
    Cutover cutover = cutover(move, context);
    List<Blockers.Blocker> blockers =
        Guarded.ask(pair.server(move.from()), "look", LOOK, h -> Blockers.find(h, Blockers.LONG));
    if (!blockers.isEmpty()) {
      throw new SQLException(
          "A long transaction on "
              + move.from()
              + " would hold up the fence: "
              + blockers.getFirst()
              + ". End it, then cut over again.");
    }
    Duration both = cutover.prove(context);
    return "markers went both ways in " + Millis.of(both);
  }

  /// Only with the operator's word, and only when the old side really did not answer when the move
  /// was announced. After a crash the debt on the new side tells, also whether that word was given:
  /// it may be in a journal that was not read yet.
  ///
  /// @throws SQLException when nobody can tell: a new side that was opened like that may have had
  ///   writes, so the old one is not called live again without having seen it
  private boolean withoutOldSide(Move move, StepContext context) throws SQLException {
    if (move.to() != origin || context.newSideGivenUp()) {
      return false;
    }
    if (new Alone(move, context.epoch()).equals(alone)) {
      return true;
    }
    Cutover now = current();
    if (now != null && now.is(move, context.epoch())) {
      return false;
    }
    boolean owes = owes(move, context);
    if (owes && !context.lossAcknowledged()) {
      throw new SQLException(
          move.to()
              + " was opened without "
              + move.from()
              + ", and the journal that says who wanted that is not read yet. Resume when both"
              + " databases answer.");
    }
    return owes;
  }

  private boolean owes(Move move, StepContext context) throws SQLException {
    try {
      return debts.owes(move.to(), context);
    } catch (SQLException e) {
      if (!Unreachable.is(e)) {
        throw e;
      }
      throw new SQLException(
          move.to()
              + " does not answer, so nobody knows whether it was opened without "
              + move.from()
              + ". Bring it back, then resume.",
          e);
    }
  }

  private boolean gone(Colour colour) throws SQLException {
    try {
      state(colour);
      return false;
    } catch (SQLException e) {
      if (!Unreachable.is(e)) {
        throw e;
      }
      return true;
    }
  }

  private String fence(Move move, StepContext context) throws Exception {
    if (withoutOldSide(move, context)) {
      return move.from() + " does not answer; nothing can be fenced there";
    }
    Cutover cutover = cutover(move, context);
    return cutover.oldClosed() ? move.from() + " was fenced before" : cutover.fence(context);
  }

  private String catchUp(Move move, StepContext context) throws Exception {
    if (withoutOldSide(move, context)) {
      return "writes on " + move.from() + " that had not arrived are left behind";
    }
    return cutover(move, context).catchUp(context);
  }

  private String close(Move move, StepContext context) throws Exception {
    if (withoutOldSide(move, context)) {
      return move.from() + " does not answer; nothing can be closed there";
    }
    Cutover cutover = cutover(move, context);
    return cutover.oldClosed() ? move.from() + " was closed before" : cutover.closeOldSide();
  }

  private String commit(Move move, StepContext context) throws Exception {
    if (withoutOldSide(move, context)) {
      openWithDebt(move.to(), true, context);
      return move.to() + " is open; " + move.from() + " is closed as soon as it answers";
    }
    Cutover cutover = cutover(move, context);
    // No new connection here when the fence is held: requests wait.
    if (!cutover.holding() && settled(move.from(), context) != Fence.State.CLOSED) {
      throw new SQLException(
          "The fence on " + move.from() + " was lost before the switch; nothing was switched.");
    }
    return cutover.commit(context);
  }

  private void undoFence(Move move, StepContext context) throws Exception {
    Cutover now = current();
    if (now != null) {
      now.release();
    }
    reopen(move, context);
  }

  private void undoCommit(Move move, StepContext context) throws Exception {
    Cutover now = current();
    if (now != null && !now.asked()) {
      now.release();
    }
    reopen(move, context);
  }

  /// Ends with the old side open and the new one closed, whatever was done of the move.
  private void reopen(Move move, StepContext context) throws Exception {
    if (withoutOldSide(move, context)) {
      backToNobody(move, context);
      if (gone(move.from())) {
        throw new SQLException(
            move.from()
                + " does not answer, so it is not known whether it takes writes, and "
                + move.to()
                + " takes none. Roll back again, or resume when "
                + move.from()
                + " answers.");
      }
    }
    if (settled(move.from(), context) == Fence.State.OPEN) {
      // Never closed, or opened again already; the new side must not be open then.
      closeOrOwe(move, context);
      return;
    }
    Fence.State there;
    try {
      there = soon(move.to(), context);
    } catch (SQLException e) {
      if (!mayLeave(move, context, e)) {
        throw new SQLException(
            (Unreachable.is(e)
                    ? move.to() + " does not answer and may have taken writes, so "
                    : e.getMessage() + " It could be opened by that, so ")
                + move.from()
                + " stays closed. Bring "
                + move.to()
                + " back, or roll back and accept that its writes are lost.",
            e);
      }
      openWithDebt(move.from(), context.newSideGivenUp(), context);
      return;
    }
    if (there != Fence.State.CLOSED && there != Fence.State.NO_TABLES) {
      fencing.close(move.to(), context);
      carryBack(move, context);
    }
    fencing.open(move.from(), context);
  }

  /// Whether the old side may be opened although nobody knows what the new one is or will be: it
  /// was never asked to open, or the operator gave its writes up.
  private boolean mayLeave(Move move, StepContext context, SQLException e) {
    Cutover now = current();
    boolean neverAsked = now != null && now.is(move, context.epoch()) && !now.asked();
    return (context.newSideGivenUp() && unknown(e)) || (neverAsked && Unreachable.is(e));
  }

  /// Whether a look failed because the side does not answer, or may still change: not because this
  /// console was deposed.
  private static boolean unknown(SQLException e) {
    return Unreachable.is(e) || e instanceof Fencing.UnsettledException;
  }

  /// The new side was to be opened without the old one: it is closed, and waits for the old one's
  /// writes again. What it took itself goes to the old one, when that answers.
  private void backToNobody(Move move, StepContext context) throws Exception {
    boolean wasOpen = settled(move.to(), context) != Fence.State.CLOSED;
    fencing.close(move.to(), context);
    fencing.guarded(
        move.to(),
        context,
        h -> {
          Debts.forget(h);
          Subscription.enable(h, pair.from(move.from()));
        });
    if (wasOpen && !gone(move.from())) {
      carryBack(move, context);
    }
  }

  private void closeOrOwe(Move move, StepContext context) throws Exception {
    try {
      if (soon(move.to(), context) != Fence.State.CLOSED) {
        fencing.close(move.to(), context);
      }
    } catch (SQLException e) {
      if (context.newSideGivenUp() && unknown(e)) {
        openWithDebt(move.from(), true, context);
        return;
      } else if (!Unreachable.is(e)) {
        throw e;
      }
      // It was closed before the move, and only a commit on it could have opened it.
      Cutover now = current();
      if (now == null || now.asked()) {
        debts.owe(move.to(), context);
      }
    }
  }

  /// The new side was open for a moment and is closed now: what it took goes back first.
  private void carryBack(Move move, StepContext context) throws Exception {
    Move back = move.mirrored();
    try (Cutover mirrored = new Cutover(pair, back, context.epoch())) {
      mirrored.catchUp(context);
      mirrored.release();
    }
  }

  /// When the operator gave the other side's writes up, what it still has to send must not come
  /// over the new writes later: the channel from there is switched off in the same transaction. The
  /// rows that did come carry numbers that were drawn there, so the sequences are raised here.
  ///
  /// @param givenUp whether the operator gave the other side's writes up; else it has none
  private void openWithDebt(Colour colour, boolean givenUp, StepContext context) throws Exception {
    if (givenUp) {
      Channel lost = pair.from(colour.other());
      fencing.guarded(
          colour,
          context,
          h -> {
            Debts.cut(h, colour.other(), context);
            Fencing.forget(h, "compared");
            Subscription.disable(h, lost);
          });
      awaitIdle(colour, lost, context);
      fencing.guarded(
          colour,
          context,
          h -> {
            Sequences.raise(h, pair.schemas());
          });
    } else {
      debts.owe(colour.other(), context);
    }
    fencing.open(colour, context);
  }

  private void awaitIdle(Colour colour, Channel channel, StepContext context) throws Exception {
    while (Guarded.ask(
        pair.server(colour), "look", LOOK, h -> Subscription.endWorkers(h, channel))) {
      context.check();
      Thread.sleep(20);
    }
  }

  /// Waits for rows that applications write; the two sides' states are proof enough when nobody
  /// writes.
  private String verify(Move move, StepContext context) throws Exception {
    boolean alone = context.lossAcknowledged() && withoutOldSide(move, context);
    if (!alone && !switched(move, context)) {
      throw new SQLException(
          "Not exactly "
              + move.to()
              + " is open: "
              + move.from()
              + " is "
              + state(move.from())
              + ", "
              + move.to()
              + " is "
              + state(move.to())
              + ".");
    }
    routes.await(move.to(), context);
    try (PostgresSession session = PostgresSession.open(pair.server(move.to()), "verify", LOOK)) {
      long before = session.ask(this::written);
      Instant until = Instant.now().plusSeconds(3);
      long rows = 0;
      while (rows <= 0 && Instant.now().isBefore(until)) {
        context.check();
        Thread.sleep(50);
        rows = session.ask(this::written) - before;
      }
      close();
      return rows > 0
          ? rows + " rows written on " + move.to() + ", none can be on " + move.from()
          : "only " + move.to() + " can be written; nobody wrote within 3 s";
    }
  }

  private long written(Handle h) {
    h.execute("SELECT pg_stat_clear_snapshot()");
    return h.createQuery(
            """
            SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint
            FROM pg_stat_user_tables WHERE schemaname = ANY (:schemas)
            """)
        .bind("schemas", pair.schemas())
        .mapTo(long.class)
        .one();
  }

  private Cutover cutover(Move move, StepContext context) throws SQLException {
    synchronized (lock) {
      Cutover now = held;
      if (now == null || !now.is(move, context.epoch())) {
        close();
        now = new Cutover(pair, move, context.epoch());
        held = now;
      }
      return now;
    }
  }

  private @Nullable Cutover current() {
    synchronized (lock) {
      return held;
    }
  }

  void close() {
    synchronized (lock) {
      if (held != null) {
        held.close();
        held = null;
      }
    }
  }
}
