package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.pair.DatabaseStep;
import dev.signalbox.engine.database.route.Routes;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import java.time.Duration;
import java.util.List;

/// The steps that tell the target's applications their database. None without a route.
record RouteSteps(DatabasePair pair, Routes routes, Colour target) {
  /// Before the application's own steps, which start programs that read it.
  List<Step> point() {
    return routes.none()
        ? List.of()
        : List.of(
            pair.work(
                "point",
                "Tell " + target + "'s applications their database",
                Duration.ofSeconds(20),
                c -> routes.pointed(target),
                c -> "Database file of generation " + routes.point(target, c.epoch()),
                DatabaseStep.TakeBack.nothing()));
  }

  List<Step> acknowledge() {
    return routes.none()
        ? List.of()
        : List.of(
            pair.work(
                "acknowledge",
                "Wait until " + target + "'s applications acknowledge their database",
                Duration.ofMinutes(2),
                c -> routes.acknowledged(target),
                this::await,
                DatabaseStep.TakeBack.nothing()));
  }

  private String await(StepContext context) throws Exception {
    long generation = routes.point(target, context.epoch());
    String said = routes.await(target, context);
    return said.isEmpty()
        ? "Told by the database file of generation "
            + generation
            + "; the applications cannot acknowledge it"
        : target + " acknowledged " + said;
  }
}
