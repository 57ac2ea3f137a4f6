package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.database.barrier.Barrier;
import dev.signalbox.engine.database.barrier.PendingCloses;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.pair.DatabaseStep;
import dev.signalbox.engine.database.pair.PlaneValues;
import dev.signalbox.engine.database.pair.Tolerance;
import dev.signalbox.engine.database.route.SwitchedRoutes;
import dev.signalbox.engine.database.schema.SchemaCompletion;
import dev.signalbox.engine.database.sync.Marker;
import dev.signalbox.engine.database.sync.Sync;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Unreachable;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The steps that take everything of a release away at its end.
final class CleanUpSteps {
  private final DatabasePair pair;
  private final Barrier barrier;
  private final Sync sync;
  private final SwitchedRoutes routes;

  CleanUpSteps(DatabasePair pair, Barrier barrier, Sync sync, SwitchedRoutes routes) {
    this.pair = pair;
    this.barrier = barrier;
    this.sync = sync;
    this.routes = routes;
  }

  List<Step> all() {
    return List.of(
        pair.work(
            "detach",
            "Remove replication",
            Duration.ofMinutes(2),
            c -> sync.removed(),
            this::detach,
            DatabaseStep.TakeBack.nothing()),
        pair.work(
            "unfence",
            "Remove the fence of the live side",
            Duration.ofMinutes(5),
            c -> false,
            this::unfence,
            DatabaseStep.TakeBack.nothing()));
  }

  private String detach(StepContext context) throws SQLException {
    live();
    sync.remove(context);
    return "subscriptions, slots and publications are gone";
  }

  private String unfence(StepContext context) throws Exception {
    Colour live = live();
    routes.cleanUp(live, context.epoch());
    List<TableName> kept = barrier.remove(live, context);
    pair.guarded(
        live,
        context,
        h -> {
          Marker.dropObjects(h);
          PendingCloses.forget(h);
          SchemaCompletion.forget(h);
          PlaneValues.forget(h, "release", "origin", "compared", "carried", "carried_release");
        });
    Tolerance.of(
        context,
        live.other(),
        () ->
            pair.guarded(
                live.other(),
                context,
                h -> {
                  if (PlaneValues.kept(h)) {
                    PlaneValues.remember(h, "retired", Instant.now().toString());
                  }
                  SchemaCompletion.forget(h);
                  PlaneValues.forget(h, "release", "origin", "carried", "carried_release");
                }));
    return live
        + " is as an ordinary database again; "
        + live.other()
        + " stays fenced"
        + (kept.isEmpty()
            ? ""
            : "; readers never let go of "
                + kept.stream()
                    .map(TableName::toString)
                    .collect(java.util.stream.Collectors.joining(", "))
                + ", where a switched-off trigger stays");
  }

  /// The side that takes writes; anything but exactly one is a reason not to touch anything.
  private Colour live() throws SQLException {
    List<Colour> open = new ArrayList<>();
    for (Colour colour : Colour.values()) {
      try {
        if (barrier.state(colour) == Fence.State.OPEN) {
          open.add(colour);
        }
      } catch (SQLException e) {
        if (!Unreachable.is(e)) {
          throw e;
        }
      }
    }
    if (open.size() != 1) {
      throw new SQLException(
          "Exactly one side must take writes before anything is cleaned up; now "
              + (open.isEmpty() ? "none" : "both")
              + " do.");
    }
    return open.getFirst();
  }
}
