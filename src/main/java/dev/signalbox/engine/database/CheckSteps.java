package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.Consistency;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.database.barrier.Barrier;
import dev.signalbox.engine.database.consistency.Comparison;
import dev.signalbox.engine.database.move.Cutover;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.pair.DatabaseStep;
import dev.signalbox.engine.database.pair.PlaneValues;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.Identifiers;
import dev.signalbox.engine.postgres.SqlState;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/// The steps that make sure that both sides can be switched: statistics, a marker both ways, and
/// equal data.
final class CheckSteps {
  private final DatabasePair pair;
  private final Barrier barrier;
  private final Colour origin;
  private final Colour target;
  private final Consumer<Consistency> compared;

  CheckSteps(
      DatabasePair pair, Barrier barrier, ReleaseInfo release, Consumer<Consistency> compared) {
    this.pair = pair;
    this.barrier = barrier;
    this.origin = release.origin();
    this.target = release.target();
    this.compared = compared;
  }

  Step analyze() {
    return pair.work(
        "analyze",
        "Gather statistics on " + target,
        Duration.ofHours(1),
        c -> false,
        this::analyze,
        DatabaseStep.TakeBack.nothing());
  }

  List<Step> proofs() {
    return List.of(
        pair.work(
            "prove",
            "Prove both ways by a marker",
            Duration.ofSeconds(60),
            c -> false,
            this::prove,
            DatabaseStep.TakeBack.nothing()),
        pair.work(
            "compare",
            "Compare the data",
            Duration.ofHours(12),
            c -> !pair.look(origin, h -> PlaneValues.value(h, "compared")).isEmpty(),
            this::compare,
            DatabaseStep.TakeBack.nothing()));
  }

  private String analyze(StepContext context) throws SQLException, InterruptedException {
    // That of a partitioned table is also that of its partitions.
    List<Catalogue.Table> tables =
        pair.tables(target).stream().filter(table -> !table.partition()).toList();
    for (Catalogue.Table table : tables) {
      context.check();
      Guarded.run(
          pair.server(target),
          "analyze",
          Duration.ofMinutes(30),
          context.epoch(),
          h -> {
            h.execute("ANALYZE " + Identifiers.quote(table.name()));
          });
    }
    return tables.size() + " tables of " + target + " have statistics";
  }

  private String prove(StepContext context) throws SQLException, InterruptedException {
    Instant until = Instant.now().plusSeconds(30);
    while (true) {
      try (Cutover cutover =
          new Cutover(pair, barrier, new Move(origin, target), context.epoch())) {
        return "a marker went both ways in " + DurationText.words(cutover.prove(context));
      } catch (SQLException e) {
        if (Instant.now().isAfter(until) || SqlState.DEPOSED.equals(e.getSQLState())) {
          throw e;
        }
        // The workers of a new subscription need a moment to connect.
        context.check();
        Thread.sleep(100);
      }
    }
  }

  private String compare(StepContext context) throws Exception {
    Colour live = barrier.state(target) == Fence.State.OPEN ? target : origin;
    Comparison comparison =
        new Comparison(
            pair.server(live), pair.server(live.other()), pair.schemas(), context.epoch());
    Consistency result;
    try {
      result =
          comparison.run(c -> {
            compared.accept(c);
            context.progress(c.evidence());
          });
    } catch (SQLException | InterruptedException e) {
      compared.accept(
          new Consistency(
              Consistency.State.FAILED, 0, 0, 0, Instant.now(), String.valueOf(e.getMessage())));
      throw e;
    }
    compared.accept(result);
    if (result.state() != Consistency.State.IDENTICAL) {
      throw new SQLException(
          "The databases differ: "
              + result.evidence()
              + ". Find out why before you go on; give the release up to copy again.");
    }
    String said = result.tables() + " " + result.rows() + " " + Instant.now();
    pair.guarded(origin, context, c -> PlaneValues.remember(c, "compared", said));
    return result.evidence();
  }
}
