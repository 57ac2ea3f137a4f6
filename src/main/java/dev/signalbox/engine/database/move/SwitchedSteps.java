package dev.signalbox.engine.database.move;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.pair.DatabaseStep;
import dev.signalbox.engine.database.route.SwitchedRoutes;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The steps of a move that lead applications from the old side to the new one, where one place
/// does that for all of them. None without such a route.
///
/// Traffic follows the databases, never the other way round: nothing is led to the new side before
/// that is open, and what is undone is led back to the side that is seen open. Whatever happens,
/// the last word is that everything goes on.
record SwitchedSteps(MoveSides sides, SwitchedRoutes routes) {
  private static final Logger LOG = LoggerFactory.getLogger(SwitchedSteps.class);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration SPARE = Duration.ofSeconds(2);

  /// What taking back asks before it leads: two looks at databases and one at the routes.
  private static final Duration QUESTIONS = Duration.ofSeconds(5);

  /// Just before the move. On the way back a route that does not answer locks nothing: it is in the
  /// evidence, and in what follows.
  void ready(StepContext context) throws Exception {
    routes.ready(move(), move().to() != sides.origin());
  }

  List<Step> pause() {
    return routes.canHold()
        ? List.of(
            step(
                "pause",
                "Let transactions wait",
                Stage.HOLD,
                PAUSE,
                c -> routes.held(),
                routes::hold,
                this::letGo))
        : List.of();
  }

  List<Step> route() {
    return routes.none()
        ? List.of()
        : List.of(
            step(
                "route",
                "Lead applications to " + move().to(),
                Stage.ROUTE,
                routes.longest().plus(SPARE),
                c -> routes.arrived(move().to()),
                this::lead,
                this::leadBack));
  }

  private Step step(
      String verb,
      String title,
      Stage stage,
      Duration timeout,
      DatabaseStep.See see,
      DatabaseStep.Act act,
      DatabaseStep.TakeBack takeBack) {
    return new LongUndo(
        pair().step(verb, title, stage, timeout, see, act, takeBack),
        routes.longest().plus(QUESTIONS));
  }

  /// @param undoTimeout a command may take longer than what a database is asked
  private record LongUndo(Step step, Duration undoTimeout) implements Step {
    @Override
    public String id() {
      return step.id();
    }

    @Override
    public String title() {
      return step.title();
    }

    @Override
    public Stage stage() {
      return step.stage();
    }

    @Override
    public Duration timeout() {
      return step.timeout();
    }

    @Override
    public Reality observe(StepContext context) throws Exception {
      return step.observe(context);
    }

    @Override
    public String run(StepContext context) throws Exception {
      return step.run(context);
    }

    @Override
    public void undo(StepContext context) throws Exception {
      step.undo(context);
    }
  }

  private String lead(StepContext context) throws Exception {
    String seen;
    try {
      seen = guarded(move().to(), context);
    } catch (IOException e) {
      // Some may lead there all the same: nobody waits for the others.
      resumed(move().to(), e);
      throw e;
    }
    routes.resume(move().to());
    return seen;
  }

  private void resumed(Colour side, Exception failure) throws InterruptedException {
    try {
      routes.resume(side);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /// Nobody can take the lease until it is done: what is led is no database and knows no epoch.
  private String guarded(Colour side, StepContext context) throws Exception {
    try {
      return Guarded.transaction(
          pair().server(side),
          "guard",
          routes.longest().plus(SPARE),
          context.epoch(),
          h -> point(side, context));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private String point(Colour side, StepContext context) throws SQLException {
    try {
      return routes.point(side, context);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("It was cancelled.", e);
    }
  }

  /// The move was not made: whatever leads to its new side goes back to the old one. What waits
  /// goes on waiting until the old side is open.
  private void leadBack(StepContext context) throws Exception {
    context.check();
    String done = routes.point(move().from(), context);
    LOG.info("{}", done);
    if (!routes.canHold()) {
      routes.resume(move().from());
    }
  }

  /// Lets everything go on. Where something does not lead to the old side, it leads to the side
  /// that is open first; it is let go on also when that fails.
  private void letGo(StepContext context) throws Exception {
    Optional<Colour> side = Optional.empty();
    try {
      Optional<Colour> wanted =
          routes.heldLead(move().from()) ? Optional.of(move().from()) : open(context);
      if (wanted.isPresent() && !routes.heldLead(wanted.get())) {
        String done = routes.point(wanted.get(), context);
        LOG.info("{}", done);
      }
      side = wanted;
    } finally {
      routes.resume(side.orElse(null));
    }
  }

  /// Empty when neither answers soon: then it is left where it leads.
  private Optional<Colour> open(StepContext context) throws Exception {
    for (Colour side : List.of(move().from(), move().to())) {
      try {
        if (sides.soon(side, context) == Fence.State.OPEN) {
          return Optional.of(side);
        }
      } catch (SQLException e) {
        LOG.info("{} cannot be asked before applications go on", side, e);
      }
    }
    return Optional.empty();
  }

  String arrived(StepContext context) throws Exception {
    return routes.await(move().to(), context);
  }

  boolean none() {
    return routes.none();
  }

  private Move move() {
    return sides.move();
  }

  private DatabasePair pair() {
    return sides.pair();
  }
}
