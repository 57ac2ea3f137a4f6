package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.pair.DatabaseStep;
import dev.signalbox.engine.database.route.Routes;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The steps that tell the target's applications their database, and that make the switched routes
/// lead to the live side alone. None without a route.
record RouteSteps(DatabasePair pair, Routes routes, ReleaseInfo release) {
  /// Before the application's own steps, which start programs that read it.
  List<Step> point() {
    List<Step> steps = new ArrayList<>();
    if (!routes.none()) {
      steps.add(
          pair.work(
              "point",
              "Tell " + target() + "'s applications their database",
              Duration.ofSeconds(20),
              c -> routes.pointed(target()),
              c -> "Database file of generation " + routes.point(target(), c.epoch()),
              DatabaseStep.TakeBack.nothing()));
    }
    if (!routes.switched().none()) {
      steps.add(
          pair.work(
              "route-prepare",
              "Keep applications on " + release.origin(),
              Duration.ofSeconds(20),
              c -> routes.switched().arrived(release.origin()),
              this::keep,
              c -> routes.switched().takeBack(release.origin(), c.epoch())));
    }
    return steps;
  }

  private String keep(StepContext context) throws Exception {
    routes.switched().prepare(release.origin(), context.epoch());
    return routes.switched().await(release.origin(), context);
  }

  List<Step> acknowledge() {
    return routes.none()
        ? List.of()
        : List.of(
            pair.work(
                "acknowledge",
                "Wait until " + target() + "'s applications acknowledge their database",
                Duration.ofMinutes(2),
                c -> routes.acknowledged(target()),
                this::await,
                DatabaseStep.TakeBack.nothing()));
  }

  private String await(StepContext context) throws Exception {
    long generation = routes.point(target(), context.epoch());
    String said = routes.await(target(), context);
    return said.isEmpty()
        ? "Told by the database file of generation "
            + generation
            + "; the applications cannot acknowledge it"
        : target() + " acknowledged " + said;
  }

  private Colour target() {
    return release.target();
  }
}
