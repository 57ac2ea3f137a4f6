package dev.signalbox.engine.database.move;

import dev.signalbox.engine.DatabaseView.Blocker;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.Finding;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.database.barrier.Barrier;
import dev.signalbox.engine.database.barrier.PendingCloses;
import dev.signalbox.engine.database.pair.Blockers;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.preflight.Preflight;
import dev.signalbox.engine.database.route.Routes;
import dev.signalbox.engine.database.sync.Sync;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.Schemas;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// The steps of a move, in either direction.
///
/// At every moment at most one side takes writes. The old side is closed before the new one is
/// opened; going back (see [MoveBack]), the new side is closed and its writes are carried over
/// before the old one is opened.
public final class MoveSteps {
  private static final Duration QUICK = Duration.ofSeconds(2);

  private final DatabasePair pair;
  private final Barrier barrier;
  private final Routes routes;
  private final MoveState state;
  private final Move move;
  private final MoveSides sides;
  private final MoveBack back;
  private final SwitchedSteps switched;

  /// @param compareAnew called when the two sides have gone different ways: what was compared
  ///   before holds no longer
  public MoveSteps(
      DatabasePair pair,
      Barrier barrier,
      Sync sync,
      PendingCloses pending,
      Routes routes,
      MoveState state,
      Move move,
      ReleaseInfo release,
      Runnable compareAnew) {
    this.pair = pair;
    this.barrier = barrier;
    this.routes = routes;
    this.state = state;
    this.move = move;
    this.sides = new MoveSides(pair, barrier, pending, state, move, release.origin());
    this.back = new MoveBack(sides, sync, compareAnew);
    this.switched = new SwitchedSteps(sides, routes.switched());
  }

  public List<Step> all() {
    List<Step> steps = new ArrayList<>(List.of(announcement()));
    steps.addAll(switched.pause());
    steps.addAll(upToClosed());
    if (!pair.settings().name().isEmpty()) {
      steps.add(closing());
    }
    steps.add(opening());
    steps.addAll(switched.route());
    steps.add(proving());
    return steps;
  }

  private Step announcement() {
    return pair.step(
        "announce",
        "Warm up and prove both ways",
        Stage.ANNOUNCE,
        Duration.ofSeconds(20),
        c -> sides.switched(c),
        c -> announce(c),
        c -> state.close());
  }

  private List<Step> upToClosed() {
    return List.of(
        pair.step(
            "fence",
            "Fence " + move.from(),
            Stage.FENCE,
            QUICK,
            c -> fenced(c),
            c -> fence(c),
            c -> back.undoFence(c)),
        pair.step(
            "catch-up",
            "Wait until " + move.to() + " has every write",
            Stage.CATCH_UP,
            QUICK,
            c -> sides.switched(c),
            c -> catchUp(c),
            c -> {}));
  }

  /// One of several databases: no new side is opened before every old one is closed.
  private Step closing() {
    return pair.step(
        "close",
        "Close " + move.from(),
        Stage.CLOSE,
        QUICK,
        c -> sides.settled(move.from(), c) == Fence.State.CLOSED,
        c -> close(c),
        c -> back.undoCommit(c));
  }

  private Step opening() {
    return pair.step(
        "switch",
        "Close " + move.from() + ", open " + move.to(),
        Stage.COMMIT,
        Duration.ofSeconds(5),
        c ->
            sides.withoutOldSide(c)
                ? sides.oldSidePending(c) && sides.settled(move.to(), c) == Fence.State.OPEN
                : sides.switched(c),
        c -> commit(c),
        c -> back.undoCommit(c));
  }

  private Step proving() {
    return pair.step(
        "verify",
        "See writes arrive on " + move.to(),
        Stage.VERIFY,
        Duration.ofSeconds(10),
        c -> false,
        c -> verify(c),
        c -> {});
  }

  private boolean fenced(StepContext context) throws SQLException, InterruptedException {
    Cutover now = state.current();
    return (now != null && now.fenced())
        || sides.settled(move.from(), context) == Fence.State.CLOSED;
  }

  private String announce(StepContext context) throws Exception {
    state.begin();
    switched.ready(context);
    routes.point(move.to(), context.epoch());
    routes.await(move.to(), context);
    if (context.lossAcknowledged() && move.to() == sides.origin() && sides.gone(move.from())) {
      state.goAlone(move, context.epoch());
      return move.from() + " does not answer; " + move.to() + " is opened without it";
    }
    if (move.to() == sides.origin()) {
      // Tables that the new version created since: they do not lock the way back. The other way
      // they would be left behind, and the move is refused.
      barrier.install(move.from(), false, context);
    }
    barrier.install(move.to(), true, context);
    if (move.to() != sides.origin()) {
      // Going back must not depend on it.
      refuseWhatWouldStay();
    }
    Cutover cutover = state.cutover(move, context);
    List<Blocker> blockers =
        pair.look(move.from(), MoveSides.LOOK, h -> Blockers.find(h, Blockers.LONG));
    if (!blockers.isEmpty()) {
      throw new SQLException(
          "A long transaction on "
              + move.from()
              + " would hold up the fence: "
              + blockers.getFirst()
              + ". End it, then cut over again.");
    }
    Duration both = cutover.prove(context);
    return "markers went both ways in " + DurationText.words(both);
  }

  private void refuseWhatWouldStay() throws SQLException {
    List<Finding> findings =
        pair.look(move.from(), h -> Preflight.again(h, move.from(), pair.schemas()));
    if (!findings.isEmpty()) {
      throw new SQLException(
          "Since the release began something came that would stay on "
              + move.from()
              + ": "
              + String.join(" ", findings.stream().map(Finding::toString).toList()));
    }
  }

  private String fence(StepContext context) throws Exception {
    if (sides.withoutOldSide(context)) {
      return move.from() + " does not answer; nothing can be fenced there";
    }
    Cutover cutover = state.cutover(move, context);
    return cutover.oldClosed() ? move.from() + " was fenced before" : cutover.fence(context);
  }

  private String catchUp(StepContext context) throws Exception {
    if (sides.withoutOldSide(context)) {
      return "writes on " + move.from() + " that had not arrived are left behind";
    }
    return state.cutover(move, context).catchUp(context);
  }

  private String close(StepContext context) throws Exception {
    if (sides.withoutOldSide(context)) {
      return move.from() + " does not answer; nothing can be closed there";
    }
    Cutover cutover = state.cutover(move, context);
    return cutover.oldClosed() ? move.from() + " was closed before" : cutover.closeOldSide();
  }

  private String commit(StepContext context) throws Exception {
    if (sides.withoutOldSide(context)) {
      back.openWithoutOther(move.to(), true, context);
      return move.to() + " is open; " + move.from() + " is closed as soon as it answers";
    }
    Cutover cutover = state.cutover(move, context);
    // No new connection here when the fence is held: requests wait.
    if (!cutover.holding() && sides.settled(move.from(), context) != Fence.State.CLOSED) {
      throw new SQLException(
          "The fence on " + move.from() + " was lost before the switch; nothing was switched.");
    }
    return cutover.commit(context);
  }

  /// Waits for rows that applications write; the two sides' states are proof enough when nobody
  /// writes.
  private String verify(StepContext context) throws Exception {
    boolean alone = context.lossAcknowledged() && sides.withoutOldSide(context);
    if (!alone && !sides.switched(context)) {
      throw new SQLException(
          "Not exactly "
              + move.to()
              + " is open: "
              + move.from()
              + " is "
              + sides.now(move.from())
              + ", "
              + move.to()
              + " is "
              + sides.now(move.to())
              + ".");
    }
    routes.await(move.to(), context);
    String arrived = switched.arrived(context);
    try (PostgresSession session =
        PostgresSession.borrow(pair.server(move.to()), "verify", MoveSides.LOOK)) {
      long before = session.ask(this::written);
      Instant until = Instant.now().plusSeconds(3);
      long rows = 0;
      while (rows <= 0 && Instant.now().isBefore(until)) {
        context.check();
        Thread.sleep(50);
        rows = session.ask(this::written) - before;
      }
      state.close();
      return (rows > 0
              ? rows + " rows written on " + move.to() + ", none can be on " + move.from()
              : "only " + move.to() + " can be written; nobody wrote within 3 s")
          + (arrived.isEmpty() ? "" : "; " + arrived);
    }
  }

  private long written(Handle h) {
    h.execute("SELECT pg_stat_clear_snapshot()");
    return h.createQuery(
            """
            SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint
            FROM pg_stat_user_tables WHERE
            """
                + Schemas.named("schemaname"))
        .bind("schemas", pair.schemas())
        .mapTo(long.class)
        .one();
  }
}
