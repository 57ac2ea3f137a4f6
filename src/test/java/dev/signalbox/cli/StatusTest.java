package dev.signalbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.driver.DriverException;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.ReleaseView.Status;
import dev.signalbox.engine.WayBack;
import dev.signalbox.support.SampleLevers;
import dev.signalbox.ui.PlaneSamples;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `release status` says of what is so, and of what is not known.
@Timeout(60)
class StatusTest {
  private static final ReleaseView READY = Snapshots.release(3, new Status.Ready(), Phase.CUT_OVER);
  private static final ReleaseView WATCHING =
      Snapshots.release(3, new Status.Watching(), Phase.WATCH);

  private static ScriptedRun on(EngineSnapshot shown) {
    return new ScriptedRun(new ScriptedEngine(shown, (command, script) -> {}), null);
  }

  private static String text(EngineSnapshot shown) {
    ScriptedRun line = on(shown);
    assertThat(line.run("release status")).as(line.err()).isEqualTo(ExitCode.OK);
    return line.out();
  }

  private static JsonNode json(EngineSnapshot shown, int code) {
    ScriptedRun line = on(shown);
    assertThat(line.run("release status --json")).as(line.out()).isEqualTo(code);
    return JsonMapper.shared().readTree(line.out().lines().findFirst().orElseThrow());
  }

  /// As the engine shows it on a console that does not drive.
  private static EngineSnapshot losing(LeaseView lease) {
    Map<LeverId, Lever> there =
        new EnumMap<>(
            SampleLevers.of(
                "", new WayBack(true, Colour.BLUE, Duration.ZERO, 3, "Back.", "lose 3 writes")));
    there.put(LeverId.CUT_OVER, new Lever.Locked("green is live already."));
    there.put(LeverId.RESUME, new Lever.Locked("Nothing holds."));
    there.put(LeverId.GIVE_UP, new Lever.Locked("green is live."));
    there.put(LeverId.CLEAN_UP, new Lever.Free("The way back to blue ends.", "bank-1"));
    return Snapshots.of(lease, WATCHING)
        .with(s -> {
          s.levers = SampleLevers.elsewhere("Nobody drives.", there);
          s.wayBack =
              new WayBack(true, Colour.BLUE, Duration.ofMillis(40), 3, "Back.", "lose 3 writes");
        });
  }

  @Test
  void itShowsWhatWhoeverDrivesMayDo() {
    assertThat(text(Snapshots.elsewhere(Snapshots.of(Snapshots.NOBODYS, READY))))
        .contains(
            "driven by    nobody; a command takes the lease itself", "cut over     unlocked\n");
    assertThat(text(Snapshots.elsewhere(Snapshots.of(Snapshots.OTHERS, READY, "lag"))))
        .contains(
            "driven by    ann@desk, epoch 7; it alone may pull what is unlocked",
            "cut over     locked: lag\n");

    assertThat(text(losing(Snapshots.NOBODYS)))
        .contains(
            "cut over     locked: green is live already.",
            "way back     to BLUE ■ in about 40 ms, 3 writes would be lost; needs --acknowledge"
                + " \"lose 3 writes\"",
            "clean up     The way back to blue ends. Needs --confirm 'bank-1'.")
        .doesNotContain("resume", "give up", "Nobody drives.");
  }

  @Test
  void theSameInJson() {
    for (LeaseView lease : List.of(Snapshots.NOBODYS, Snapshots.OTHERS)) {
      JsonNode status = json(losing(lease), ExitCode.OK);
      assertThat(status.at("/levers/roll-back/free").asBoolean()).isTrue();
      assertThat(status.at("/levers/roll-back/text").asString()).isEqualTo("Back.");
      assertThat(status.at("/levers/roll-back/wordsToType").asString()).isEqualTo("lose 3 writes");
      assertThat(status.at("/levers/cut-over/free").asBoolean()).isFalse();
      assertThat(status.at("/levers/cut-over/text").asString()).isEqualTo("green is live already.");
      assertThat(status.at("/wayBack/writesAtRisk").asLong()).isEqualTo(3);
      assertThat(status.at("/wayBack/estimateMs").asDouble()).isEqualTo(40);
    }
  }

  @Test
  void aGateThatIsOnlyPendingIsNoLock() {
    EngineSnapshot pending = Snapshots.elsewhere(Snapshots.pending(Snapshots.NOBODYS, READY));
    String waits = "'signalbox release cutover' waits for that";
    assertThat(text(pending)).contains("cut over     not proven yet: Green healthy", waits);
    EngineSnapshot closed =
        pending.with(s ->
            s.gates =
                List.of(
                    s.gates.getFirst(),
                    new GateView("database.lag", "Lag", GateView.State.CLOSED, "9 s")));
    assertThat(text(closed)).contains("cut over     locked: ").doesNotContain(waits);
  }

  @Test
  void whatDoesNotAnswerIsExitCode4() {
    ScriptedRun line = on(Snapshots.greenSilent(Snapshots.of(Snapshots.NOBODYS, READY)));
    assertThat(line.run("release status")).isEqualTo(ExitCode.TIMED_OUT);
    assertThat(line.err()).contains("No answer in time: the database of green.");
    assertThat(line.out())
        .contains(
            "GREEN ●      application not seen yet; database does not answer: no answer within 2 s",
            "forward      not known: green does not answer",
            "reverse      not known yet")
        .doesNotContain("\u001b", "absent");

    line = on(Snapshots.entrySilent(Snapshots.of(Snapshots.NOBODYS, READY)));
    assertThat(line.run("release status")).isEqualTo(ExitCode.TIMED_OUT);
    assertThat(line.err()).contains("No answer in time: the entry.");
    assertThat(line.out())
        .contains("entry        ✗ does not answer", "application with health not known yet;");

    line = on(Snapshots.silentCluster());
    assertThat(line.run("release status")).isEqualTo(ExitCode.TIMED_OUT);
    assertThat(line.err()).contains("No answer in time: the query cluster.");
  }

  /// A busy machine is no outage.
  @Test
  void whatDoesNotAnswerAtOnceIsWaitedFor() {
    EngineSnapshot well = Snapshots.of(Snapshots.NOBODYS, READY);
    ScriptedEngine engine =
        new ScriptedEngine(Snapshots.greenSilent(well), (command, script) -> {});
    Thread.ofVirtual()
        .start(() -> {
          while (engine.looks.get() < 3) {
            LockSupport.parkNanos(1_000_000);
          }
          engine.show(well);
        });
    ScriptedRun line = new ScriptedRun(engine, null);
    assertThat(line.run("release status")).as(line.err()).isEqualTo(ExitCode.OK);
    assertThat(line.out()).doesNotContain("not answer");
  }

  @Test
  void aWatchThatSawNothingInTimeSaysSo() {
    ScriptedRun line = on(Snapshots.unread());
    assertThat(line.run("release status --watch --timeout 100ms")).isEqualTo(ExitCode.TIMED_OUT);
    assertThat(line.out())
        .contains("driven by    not known yet", "release      not known: the journal");
  }

  @Test
  void whatWasNotAskedYetIsNotSilent() {
    ScriptedRun line = on(Snapshots.unasked(Snapshots.of(Snapshots.NOBODYS, READY)));
    assertThat(line.run("release status --timeout 100ms")).isEqualTo(ExitCode.TIMED_OUT);
    assertThat(line.out())
        .contains("database not asked yet", "entry        not asked yet")
        .doesNotContain("not answer");
    assertThat(line.err()).contains("Not asked yet: the database of green, the entry.");
  }

  @Test
  void aResidentDriverThatCommandsCannotUseIsSaid() {
    ScriptedRun line =
        new ScriptedRun(
            new ScriptedEngine(Snapshots.of(Snapshots.NOBODYS, READY), (command, script) -> {}),
            null);
    line.residentFails(new DriverException(DriverException.Cause.SILENT, "It is there."));
    assertThat(line.run("release status")).isEqualTo(ExitCode.TIMED_OUT);
    assertThat(line.out())
        .contains("driven by    nobody; the resident driver is there, and commands cannot use it");
    assertThat(line.err()).contains("It is there.");
    assertThat(line.run("release resume")).isEqualTo(ExitCode.TIMED_OUT);
  }

  @Test
  void aDriverDoesNotSayThatNobodyDrivesBeforeItKnows() {
    LeaseView early = new LeaseView(false, "", 7, null, List.of(), List.of("blue", "green"), false);
    assertThat(ResidentCommand.standing(Snapshots.of(early, null)))
        .startsWith("It is not known who drives")
        .contains("blue and green were not asked yet");
    assertThat(ResidentCommand.standing(Snapshots.of(Snapshots.NOBODYS, null)))
        .startsWith("Nobody drives");
  }

  @Test
  void whatIsNotKnownIsNull() {
    JsonNode status =
        json(Snapshots.greenSilent(Snapshots.of(Snapshots.NOBODYS, READY)), ExitCode.TIMED_OUT);
    for (String field : List.of("version", "bytes", "schemaVersion", "pendingMigrations")) {
      assertThat(status.at("/database/green").has(field)).as(field).isTrue();
      assertThat(status.at("/database/green/" + field).isNull()).as(field).isTrue();
      assertThat(status.at("/database/blue/" + field).isNull()).as(field).isFalse();
    }
    assertThat(status.at("/database/consistency").isNull()).isTrue();
    assertThat(status.at("/database/forward/state").asString()).isEqualTo("unknown");
    assertThat(status.at("/database/forward/lagMs").isNull()).isTrue();

    status =
        json(Snapshots.entrySilent(Snapshots.of(Snapshots.NOBODYS, READY)), ExitCode.TIMED_OUT);
    for (String field : List.of("/blue/version", "/router/holding", "/router/held")) {
      assertThat(status.at("/application" + field).isNull()).as(field).isTrue();
    }
  }

  @Test
  void aClusterThatIsSilentHasNoFigures() {
    JsonNode strategy = json(Snapshots.silentCluster(), ExitCode.TIMED_OUT).path("strategy");
    for (String field :
        List.of("suspended", "blue", "green", "queries", "clients", "wrongStrategyShare")) {
      assertThat(strategy.has(field)).as(field).isTrue();
      assertThat(strategy.path(field).isNull()).as(field).isTrue();
    }
    strategy = json(Snapshots.draining(), ExitCode.OK).path("strategy");
    assertThat(strategy.path("suspended").asBoolean(true)).isFalse();
    assertThat(strategy.at("/green/openQueries").asInt(-1)).isZero();
  }

  @Test
  void whoDrivesAndWhatWasWrittenIsNullBeforeItWasRead() {
    ScriptedRun line = on(Snapshots.unread());
    assertThat(line.run("release status --timeout 100ms --json")).isEqualTo(ExitCode.TIMED_OUT);
    JsonNode status = JsonMapper.shared().readTree(line.out().lines().findFirst().orElseThrow());
    for (String field :
        List.of("/lease/holder", "/lease/epoch", "/gates", "/lastEvent", "/wayBack/to")) {
      assertThat(status.at(field).isNull()).as(field).isTrue();
    }
    status = json(Snapshots.of(Snapshots.NOBODYS, null), ExitCode.OK);
    assertThat(status.at("/lease/holder").asString("?")).isEmpty();
    assertThat(status.at("/lease/epoch").asInt(-1)).isZero();
    assertThat(status.at("/lastEvent").asInt(-1)).isZero();
  }

  @Test
  void aWayBackThatIsNotPossibleHasNoCost() {
    JsonNode back =
        json(
                Snapshots.of(Snapshots.NOBODYS, READY)
                    .with(s ->
                        s.wayBack =
                            new WayBack(false, Colour.BLUE, Duration.ZERO, 0, "blue is live.", "")),
                ExitCode.OK)
            .path("wayBack");
    assertThat(back.path("possible").asBoolean(true)).isFalse();
    assertThat(back.path("estimateMs").isNull()).isTrue();
    assertThat(back.path("writesAtRisk").isNull()).isTrue();
  }

  @Test
  void eachOfSeveralDatabasesHasABlock() {
    String out = text(PlaneSamples.twoDatabases());
    assertThat(out)
        .contains("database     orders", "database     billing")
        .contains("BLUE ■       application v2.7.4 healthy\n")
        .doesNotContain("GREEN ●      application v2.8.0 healthy; database");
    assertThat(out.lines().filter(line -> line.startsWith("  forward"))).hasSize(2);

    ScriptedRun line = on(PlaneSamples.billingDead());
    assertThat(line.run("release status")).isEqualTo(ExitCode.TIMED_OUT);
    assertThat(line.err()).contains("No answer in time: the database billing of green.");
    String billing = line.out().substring(line.out().indexOf("database     billing"));
    assertThat(billing).contains("  GREEN ●    does not answer: Connection to 127.0.0.1:5443");
    assertThat(line.out().substring(0, line.out().indexOf("database     billing")))
        .as("orders answers")
        .doesNotContain("does not answer");
  }

  @Test
  void whereApplicationsAreLedIsSaid() {
    EngineSnapshot s =
        Snapshots.routed(
            Snapshots.of(Snapshots.NOBODYS, READY),
            new DatabaseView.Route("PgBouncer a:6432", Colour.BLUE, true, ""),
            new DatabaseView.Route("command x", null, false, "it does not start"));
    assertThat(text(s))
        .contains("route        PgBouncer a:6432 leads to blue, transactions wait")
        .contains("route        ✗ command x leads to a side that is not known: it does not start");
    JsonNode routes = json(s, ExitCode.OK).at("/database/routes");
    assertThat(routes.at("/0/leads").asString()).isEqualTo("blue");
    assertThat(routes.at("/0/paused").asBoolean()).isTrue();
    assertThat(routes.at("/1/leads").isNull()).isTrue();
    assertThat(routes.at("/1/problem").asString()).isEqualTo("it does not start");
  }

  @Test
  void whatIsInTheWayIsSaidAndCanBeNamed() {
    EngineSnapshot s =
        Snapshots.blocked(
            Snapshots.of(Snapshots.NOBODYS, READY),
            Colour.BLUE,
            new DatabaseView.Blocker(
                DatabaseView.Blocker.Kind.IDLE,
                4711,
                "shop",
                "app",
                "UPDATE t",
                Duration.ofSeconds(90)),
            new DatabaseView.Blocker(
                DatabaseView.Blocker.Kind.PREPARED, 0, "shop", "app", "xa 7", Duration.ofHours(1)));
    assertThat(text(s))
        .contains("in the way   session 4711 of app, open for 1 m 30 s and idle in transaction")
        .contains("in the way   prepared transaction 'xa 7' of app in database shop");
    JsonNode blockers = json(s, ExitCode.OK).at("/database/blue/blockers");
    assertThat(blockers.at("/0/pid").asInt()).isEqualTo(4711);
    assertThat(blockers.at("/0/ageMs").asInt()).isEqualTo(90_000);
    assertThat(blockers.at("/1/pid").isNull()).isTrue();
    assertThat(json(s, ExitCode.OK).at("/database/green/blockers").isNull()).isTrue();
  }

  /// Nothing waits for a plane that the environment does not have.
  @Test
  void aPlaneThatIsNotThereIsLeftOut() {
    assertThat(text(PlaneSamples.databaseAlone()))
        .contains("BLUE ■       database read-write")
        .doesNotContain("application not seen", "entry  ");
    assertThat(text(PlaneSamples.applicationAlone()))
        .contains("BLUE ■       application v2.7.4 healthy\n")
        .doesNotContain("BLUE ■       database", "forward", "reverse");
    assertThat(text(PlaneSamples.clusterAlone()))
        .contains("strategy     live BLUE ■")
        .doesNotContain("application not seen", "forward", "BLUE ■       ");
  }
}
