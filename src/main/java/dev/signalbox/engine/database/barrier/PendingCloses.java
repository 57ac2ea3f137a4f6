package dev.signalbox.engine.database.barrier;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.pair.PlaneValues;
import dev.signalbox.engine.database.sync.Sync;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.release.StepContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// A side that is opened while the other one does not answer leaves the other one to be closed.
/// That is written down on the side that is opened, and done as soon as both answer while a console
/// drives.
///
/// Both sides may want each other closed, when the one that was opened without the other was given
/// up itself: the newer entry counts.
public final class PendingCloses {
  /// Named so by the first consoles, whose releases must be readable.
  private static final String KEY = "debt";

  /// Key of the side whose writes were given up.
  private static final String GIVEN_UP = "cut";

  private static final Duration LOOK = Duration.ofSeconds(1);

  private final DatabasePair pair;
  private final Barrier barrier;
  private final Sync sync;

  public PendingCloses(DatabasePair pair, Barrier barrier, Sync sync) {
    this.pair = pair;
    this.barrier = barrier;
    this.sync = sync;
  }

  /// What is written down on the server that is asked.
  public static Optional<PendingClose> of(Handle h) {
    String[] parts = PlaneValues.value(h, KEY).split(" ", 2);
    return parts.length < 2
        ? Optional.empty()
        : Optional.of(new PendingClose(Colour.parse(parts[0]), parts[1]));
  }

  /// The side whose writes were given up, as it is written down on the server that is asked.
  public static Optional<Colour> givenUp(Handle h) {
    String side = PlaneValues.value(h, GIVEN_UP);
    return side.isEmpty() ? Optional.empty() : Optional.of(Colour.parse(side));
  }

  /// In the transaction of `h`, on the side that is opened.
  private static void remember(Handle h, Colour side, StepContext context) {
    PlaneValues.remember(
        h, KEY, "%s %019d %019d".formatted(side.id(), context.epoch(), System.currentTimeMillis()));
  }

  /// Writes down that `side` is to be closed, and that what it took is given up. In the transaction
  /// of `h`, on the side that is opened.
  public static void giveUp(Handle h, Colour side, StepContext context) {
    remember(h, side, context);
    PlaneValues.remember(h, GIVEN_UP, side.id());
  }

  public static void forget(Handle h) {
    PlaneValues.forget(h, KEY, GIVEN_UP);
  }

  /// Writes down, on the other side, that `side` is to be closed.
  public void add(Colour side, StepContext context) throws SQLException {
    pair.guarded(side.other(), context, h -> remember(h, side, context));
  }

  /// Whether `on` has it written down that the other side is to be closed. Asked so that no change
  /// that is still under way can answer otherwise later.
  public boolean on(Colour on, StepContext context) throws SQLException {
    return Guarded.question(pair.server(on), "look", LOOK, context.epoch(), PendingCloses::of)
        .filter(pending -> pending.side() == on.other())
        .isPresent();
  }

  /// Does what is written down on `on`.
  ///
  /// @return what was done; empty when nothing is written down, or it cannot be done yet
  public String close(StepContext context, Colour on) throws SQLException, InterruptedException {
    Optional<PendingClose> pending = pair.look(on, LOOK, PendingCloses::of);
    if (pending.isEmpty() || barrier.settled(on, context, LOOK) != Fence.State.OPEN) {
      return "";
    }
    Colour side = pending.get().side();
    String since = pending.get().since();
    if (pair.look(side, LOOK, PendingCloses::of)
        .filter(other -> other.since().compareTo(since) > 0)
        .isPresent()) {
      return "";
    }
    barrier.close(side, context);
    boolean givenUp = pair.look(on, LOOK, PendingCloses::givenUp).filter(side::equals).isPresent();
    pair.guarded(
        side,
        context,
        h -> {
          PlaneValues.forget(h, KEY);
          if (givenUp) {
            // Its rows have gone another way: what it is sent would only fail there.
            sync.sever(h, on);
          }
        });
    pair.guarded(on, context, h -> PlaneValues.forget(h, KEY));
    return side + " answers again and was closed for writes";
  }
}
