package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.database.route.SwitchedRoute;
import dev.signalbox.engine.journal.PostgresLease;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.support.StepRun;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Drives a plane as the conductor does, without a journal.
final class PlaneDriver implements AutoCloseable {
  static final Move FORWARD = new Move(Colour.BLUE, Colour.GREEN);
  static final ReleaseInfo RELEASE = new ReleaseInfo(1, "v2", Colour.BLUE, Colour.GREEN);

  final DatabasePlane plane;
  long epoch;
  boolean lossAcknowledged;
  boolean newSideGivenUp;
  final Map<String, Long> nanos = new LinkedHashMap<>();

  PlaneDriver(String environment, Map<Colour, PostgresServer> servers, Path migrations) {
    this(environment, servers, migrations, List.of());
  }

  PlaneDriver(
      String environment,
      Map<Colour, PostgresServer> servers,
      Path migrations,
      List<SwitchedRoute> routes) {
    try (var lease =
        new PostgresLease(List.copyOf(servers.values()), "test", "test", Duration.ofMinutes(10))) {
      this.epoch = lease.acquire(true);
    }
    this.plane =
        new DatabasePlane(environment, TestSettings.of(migrations), servers, List.of(), routes);
    plane.start();
    plane.driving(epoch);
  }

  void phases(Phase... phases) throws Exception {
    for (Phase phase : phases) {
      for (Step step : plane.steps(phase, FORWARD, RELEASE)) {
        run(step, FORWARD);
      }
    }
  }

  void set() throws Exception {
    phases(Phase.INITIALIZE, Phase.PREPARE, Phase.REPLICATE, Phase.SYNCHRONIZE);
  }

  /// All steps but the last, which waits for writes.
  void move(Move move) throws Exception {
    List<Step> steps = plane.steps(Phase.CUT_OVER, move, RELEASE);
    List<Step> begun = new ArrayList<>();
    for (Step step : steps) {
      if (step.id().equals("database.verify")) {
        return;
      }
      begun.add(step);
      try {
        run(step, move);
      } catch (Exception e) {
        for (Step back : begun.reversed()) {
          back.undo(context(move, Duration.ofSeconds(3)));
        }
        throw e;
      }
    }
  }

  Step step(Phase phase, Move move, String id) {
    return plane.steps(phase, move, RELEASE).stream()
        .filter(s -> s.id().equals("database." + id))
        .findFirst()
        .orElseThrow();
  }

  String run(Phase phase, Move move, String id) throws Exception {
    return run(step(phase, move, id), move);
  }

  void undo(Phase phase, Move move, String id) throws Exception {
    step(phase, move, id).undo(context(move, Duration.ofSeconds(10)));
  }

  private String run(Step step, Move move) throws Exception {
    long start = System.nanoTime();
    String evidence = step.run(context(move, step.timeout()));
    nanos.put(step.id(), System.nanoTime() - start);
    return evidence;
  }

  StepContext context(Move move, Duration limit) {
    return new StepRun(epoch, move, Instant.now().plus(limit), lossAcknowledged, newSideGivenUp);
  }

  @Override
  public void close() {
    plane.close();
  }
}
