package dev.signalbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.AuditReport;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.Diagnosis;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.MigrationControl;
import dev.signalbox.engine.MigrationView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView.MoveView.Result;
import dev.signalbox.engine.ReleaseView.Status;
import dev.signalbox.engine.WayBack;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CliTest {
  private AuditReport audit = new AuditReport(0, 0, 0, "", List.of(), List.of(), null);
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> opened = new ArrayList<>();
  private @Nullable DemoOptions demo;
  private @Nullable Engine resident;

  @Test
  void startRunsUntilReadyAndPrintsEvents() {
    ScriptedEngine engine =
        engine(
            Snapshots.of(
                Snapshots.MINE, Snapshots.release(1, new Status.Completed(), Phase.CLEAN_UP)),
            (command, script) -> {
              script.end(new Outcome.Done("Started."));
              script.event("Copied 100 rows.");
              script.show(
                  Snapshots.of(
                      Snapshots.MINE,
                      Snapshots.release(2, new Status.Running("copy"), Phase.REPLICATE)));
              script.show(
                  Snapshots.of(
                      Snapshots.MINE, Snapshots.release(2, new Status.Ready(), Phase.CUT_OVER)));
            });

    int code = run(engine, "release", "start", "v2", "-f", "some.yaml");

    assertThat(code).isEqualTo(ExitCode.OK);
    assertThat(engine.submitted).containsExactly(new Command.StartRelease("v2"));
    assertThat(opened).containsExactly("some.yaml DRIVE");
    assertThat(out.toString())
        .contains("10:00:00.000  Prepare  Copied 100 rows.", "✓ Release 2 is ready.");
    assertThat(engine.closed).isTrue();
  }

  @Test
  void startWithCutoverWaitsForTheGatesAndTheWatch() {
    var moves = List.of(Snapshots.move(new Move(Colour.BLUE, Colour.GREEN), Result.DONE));
    ScriptedEngine engine =
        engine(
            Snapshots.of(Snapshots.MINE, null),
            (command, script) -> {
              if (command instanceof Command.StartRelease) {
                script.end(new Outcome.Done("Started."));
                var ready = Snapshots.release(1, new Status.Ready(), Phase.CUT_OVER);
                script.show(Snapshots.of(Snapshots.MINE, ready, "lag"));
                script.show(Snapshots.of(Snapshots.MINE, ready));
              } else {
                script.show(
                    Snapshots.of(
                        Snapshots.MINE,
                        Snapshots.release(1, new Status.Watching(), Phase.WATCH, moves)));
                script.end(new Outcome.Done("Green is live."));
                script.show(
                    Snapshots.of(
                        Snapshots.MINE,
                        Snapshots.release(1, new Status.Watching(), Phase.CLEAN_UP, moves)));
              }
            });

    assertThat(run(engine, "release", "start", "v2", "--cutover", "--json")).isEqualTo(ExitCode.OK);
    assertThat(engine.submitted)
        .containsExactly(new Command.StartRelease("v2"), new Command.CutOver());
    assertThat(lastLine().path("result").asString()).isEqualTo("done");
  }

  @Test
  void startFailsWhenTheCutoverComesBack() {
    var moves = List.of(Snapshots.move(new Move(Colour.BLUE, Colour.GREEN), Result.UNDONE));
    ScriptedEngine engine =
        engine(
            Snapshots.of(Snapshots.MINE, null),
            (command, script) -> {
              script.show(
                  Snapshots.of(
                      Snapshots.MINE, Snapshots.release(1, new Status.Ready(), Phase.CUT_OVER)));
              script.end(new Outcome.Done("."));
              if (command instanceof Command.CutOver) {
                script.show(
                    Snapshots.of(
                        Snapshots.MINE,
                        Snapshots.release(1, new Status.Ready(), Phase.CUT_OVER, moves)));
              }
            });

    assertThat(run(engine, "release", "start", "v2", "--cutover")).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString())
        .contains("Failed: . It did not stay so:", "Release 1 is ready. Look at it.");
  }

  @Test
  void holdingReleaseFailsWithItsReason() {
    ScriptedEngine engine =
        engine(
            Snapshots.of(Snapshots.MINE, null),
            (command, script) -> {
              script.end(new Outcome.Done("Started."));
              script.show(
                  Snapshots.of(
                      Snapshots.MINE,
                      Snapshots.release(
                          1, new Status.Holding("Green has no room."), Phase.PREPARE)));
            });

    assertThat(run(engine, "release", "start", "v2")).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("Release 1 is holding: Green has no room. Look at it.");
  }

  @ParameterizedTest
  @CsvSource({
    "cutover",
    "resume",
    "give-up --confirm bank-1",
    "rollback",
    "cleanup --confirm bank-1",
    "start v2"
  })
  void anotherDriverIsExitCode3(String command) {
    ScriptedEngine engine = engine(Snapshots.of(Snapshots.OTHERS, null), (c, script) -> {});

    Thread.ofVirtual()
        .start(() -> engine.show(Snapshots.of(Snapshots.renewed(Snapshots.OTHERS), null)));
    assertThat(run(engine, ("release " + command).split(" ", -1))).isEqualTo(ExitCode.NOT_DRIVING);
    assertThat(engine.submitted).isEmpty();
    assertThat(err.toString())
        .contains("The console 'ann@desk' drives this environment. Nothing was changed.");
    assertThat(engine.closed).isTrue();
  }

  @Test
  void queryIsCancelledByItsId() {
    ScriptedEngine engine =
        engine(
            Snapshots.of(Snapshots.MINE, null),
            (command, script) ->
                script.end(new Outcome.Refused("Query q-7 is not open any more.")));

    assertThat(run(engine, "query", "cancel", "q-7")).isEqualTo(ExitCode.FAILED);
    assertThat(engine.submitted).containsExactly(new Command.CancelQuery("q-7"));
    assertThat(err.toString()).contains("Query q-7 is not open any more.");
  }

  @Test
  void clusterIsSuspendedByItsEnvironmentsNameAndResumed() {
    ScriptedEngine engine =
        engine(
            Snapshots.of(Snapshots.MINE, null),
            (command, script) -> script.end(new Outcome.Done("Done.")));

    assertThat(run(engine, "query", "suspend")).isEqualTo(ExitCode.USAGE);
    assertThat(run(engine, "query", "suspend", "--confirm", "bank-1")).isEqualTo(ExitCode.OK);
    assertThat(run(engine, "query", "resume")).isEqualTo(ExitCode.OK);
    assertThat(engine.submitted)
        .containsExactly(new Command.SuspendCluster("bank-1"), new Command.ResumeCluster());
  }

  @Test
  void deposedWhileItWaitedIsExitCode3() {
    ScriptedEngine engine =
        engine(
            Snapshots.of(Snapshots.MINE, null),
            (c, script) -> {
              script.show(Snapshots.of(Snapshots.OTHERS, null));
              script.end(new Outcome.Refused("ann@desk drives."));
            });

    assertThat(run(engine, "release", "cutover")).isEqualTo(ExitCode.NOT_DRIVING);
  }

  /// A console that has just begun to look has not seen health three times yet.
  @Test
  void cutoverWaitsForWhatIsNotProvenYet() {
    var ready = Snapshots.release(1, new Status.Ready(), Phase.CUT_OVER);
    List<Command> early = new CopyOnWriteArrayList<>();
    ScriptedEngine engine =
        engine(
            Snapshots.pending(Snapshots.MINE, ready),
            (c, script) -> script.end(new Outcome.Done("green is live.")));
    Thread.ofVirtual()
        .start(() -> {
          while (engine.looks.get() < 8) {
            LockSupport.parkNanos(1_000_000);
          }
          early.addAll(engine.submitted);
          engine.show(Snapshots.of(Snapshots.MINE, ready));
        });
    assertThat(run(engine, "release", "cutover")).isZero();
    assertThat(early).isEmpty();
    assertThat(engine.submitted).containsExactly(new Command.CutOver());
  }

  @Test
  void takeoverIsAskedForWithoutTheLease() {
    ScriptedEngine engine =
        engine(
            Snapshots.of(Snapshots.OTHERS, null),
            (c, script) -> script.end(new Outcome.Done("Taken over.")));

    assertThat(run(engine, "release", "takeover", "--confirm", "bank-1")).isEqualTo(ExitCode.OK);
    assertThat(engine.submitted).containsExactly(new Command.TakeOver("bank-1"));
  }

  @Test
  void refusedIsExitCode1AndRollbackCarriesTheWords() {
    ScriptedEngine engine =
        engine(
            Snapshots.of(Snapshots.MINE, null),
            (c, script) -> script.end(new Outcome.Refused("Type the words.")));

    assertThat(run(engine, "release", "rollback", "--acknowledge", "lose 3 writes", "--json"))
        .isEqualTo(ExitCode.FAILED);
    assertThat(engine.submitted).containsExactly(new Command.RollBack("lose 3 writes"));
    assertThat(lastLine())
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    "{\"type\":\"outcome\",\"result\":\"refused\",\"text\":\"Type the words.\"}"));
  }

  @Test
  void textOfOthersDoesNotSteerTheTerminal() {
    ScriptedEngine engine =
        engine(
            Snapshots.of(Snapshots.MINE, null),
            (c, script) ->
                script.end(new Outcome.Refused("red \u009b31m \u001b[2J back \u202e end")));

    assertThat(run(engine, "release", "rollback")).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("red  31m").doesNotContain("\u009b", "\u001b", "\u202e");
  }

  @Test
  void aPatienceOfThousandsOfYearsIsOne() {
    ScriptedEngine engine =
        engine(
            Snapshots.of(Snapshots.OTHERS, null),
            (c, script) -> script.end(new Outcome.Done("Taken over.")));

    assertThat(run(engine, "release", "takeover", "--confirm", "bank-1", "--timeout", "99999999h"))
        .isEqualTo(ExitCode.OK);
  }

  @Test
  void timeoutIsExitCode4() {
    ScriptedEngine never = engine(Snapshots.of(Snapshots.MINE, null), (c, script) -> {});
    assertThat(run(never, "release", "cutover", "--timeout", "50ms")).isEqualTo(ExitCode.TIMED_OUT);
    assertThat(err.toString()).contains("--timeout is over");

    ScriptedEngine nobody = engine(Snapshots.of(Snapshots.NOBODYS, null), (c, script) -> {});
    assertThat(run(nobody, "release", "cutover", "--timeout", "50ms", "--json"))
        .isEqualTo(ExitCode.TIMED_OUT);
    assertThat(lastLine().path("exitCode").asInt()).isEqualTo(4);
    assertThat(lastLine().path("problems").path(0).asString())
        .startsWith("Who drives could not be found out");
  }

  @Test
  void statusLooksWithoutTheLeaseAndShowsBothStacks() {
    ScriptedEngine engine =
        engine(
            Snapshots.of(
                Snapshots.OTHERS, Snapshots.release(3, new Status.Ready(), Phase.CUT_OVER), "lag"),
            (c, s) -> {});

    assertThat(run(engine, "release", "status")).isEqualTo(ExitCode.OK);
    assertThat(opened).containsExactly("signalbox.yaml LOOK");
    assertThat(out.toString())
        .contains(
            "live         BLUE ■",
            "driven by    ann@desk, epoch 7;",
            "release      3, version v2, blue → green, ready",
            "application v1 healthy; database read-write, PostgreSQL 18.6 (encrypted), 12.0 MB, schema 2",
            "forward      streaming, lag 3 ms (120 B)",
            "gate         ✓ In step: 3 ms, limit 1 s",
            "cut over     locked: lag",
            "way back     to BLUE ■ in about 200 ms, nothing would be lost")
        .doesNotContain("\u001b");
  }

  @Test
  void whoDrivesIsNotKnownWhileTheVotersAreSilent() {
    LeaseView silent =
        new LeaseView(false, "", -1, null, List.of("the entry", "blue", "green"), false);
    assertThat(run(engine(Snapshots.of(silent, null), (c, s) -> {}), "release", "status"))
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("driven by    not known: the entry, blue and green do not answer");
    LeaseView some =
        new LeaseView(false, "", 7, null, List.of(), List.of("blue", "green", "the entry"), false);
    assertThat(run(engine(Snapshots.of(some, null), (c, s) -> {}), "release", "status"))
        .isEqualTo(ExitCode.TIMED_OUT);
    assertThat(out.toString())
        .contains(
            "driven by    not known yet: blue, green and the entry were not asked yet",
            "lease        blue, green and the entry were not asked yet\n");
    assertThat(err.toString()).contains("Not asked yet: those that give the lease.");
    LeaseView one = new LeaseView(false, "", 7, null, List.of("green"), true);
    assertThat(run(engine(Snapshots.of(one, null), (c, s) -> {}), "release", "status"))
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("driven by    nobody that is seen");
  }

  @Test
  void aWayBackThatIsNotPossibleSaysWhy() {
    EngineSnapshot broken =
        Snapshots.of(Snapshots.OTHERS, Snapshots.release(3, new Status.Watching(), Phase.WATCH))
            .with(s ->
                s.wayBack =
                    new WayBack(
                        false, Colour.BLUE, Duration.ZERO, -1, "blue does not answer.", ""));
    assertThat(run(engine(broken, (c, s) -> {}), "release", "status")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("way back     not possible: blue does not answer.");
    assertThat(run(engine(broken, (c, s) -> {}), "release", "status", "--json"))
        .isEqualTo(ExitCode.OK);
    assertThat(lastLine().path("wayBack").path("writesAtRisk").isNull()).isTrue();
  }

  @Test
  void statusAsJsonHasItsShape() {
    ScriptedEngine engine =
        engine(
            Snapshots.of(
                Snapshots.OTHERS,
                Snapshots.release(
                    3,
                    new Status.Watching(),
                    Phase.WATCH,
                    List.of(Snapshots.move(new Move(Colour.BLUE, Colour.GREEN), Result.DONE)))),
            (c, s) -> {});

    assertThat(run(engine, "release", "status", "--json")).isEqualTo(ExitCode.OK);
    JsonNode status = lastLine();
    assertThat(status.propertyNames())
        .containsExactly(
            "type",
            "at",
            "environment",
            "live",
            "lease",
            "journalReadAt",
            "release",
            "database",
            "application",
            "strategy",
            "gates",
            "levers",
            "wayBack",
            "lastEvent");
    assertThat(status.at("/gates/0").toString())
        .isEqualTo(
            "{\"id\":\"database.lag\",\"title\":\"In step\",\"state\":\"open\","
                + "\"evidence\":\"3 ms, limit 1 s\"}");
    assertThat(status.at("/release/status").asString()).isEqualTo("watching");
    assertThat(status.at("/release/moves/0/steps/0/ms").asDouble()).isEqualTo(4.0);
    assertThat(status.at("/database/blue/access").asString()).isEqualTo("read-write");
    assertThat(status.at("/database/blue/encrypted").asBoolean()).isTrue();
    assertThat(status.at("/database/green/encrypted").isNull()).isTrue();
    assertThat(status.at("/database/reverse/lagBytes").isNull()).isTrue();
    assertThat(status.at("/application/router/observed").asString()).isEqualTo("blue");
  }

  @Test
  void statusSaysWhatADrainWaitsFor() {
    ScriptedEngine engine = engine(Snapshots.draining(), (c, s) -> {});

    assertThat(run(engine, "release", "status")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains(
            "strategy     live BLUE ■, GREEN ● announced, draining, 456 1.80 % of calls",
            "             BLUE ■ 1 open query, the oldest 12 m 34 s",
            "             GREEN ● 0 open queries",
            "query        q-7f3a91 on BLUE ■ for 12 m 34 s, anna at reports",
            "clients      8 report: 2 blue, 6 green, 0 without; 2 pending, 1 silent");

    assertThat(run(engine(Snapshots.draining(), (c, s) -> {}), "release", "status", "--json"))
        .isEqualTo(ExitCode.OK);
    JsonNode strategy = lastLine().at("/strategy");
    assertThat(strategy.at("/phase").asString()).isEqualTo("draining");
    assertThat(strategy.at("/live").asString()).isEqualTo("blue");
    assertThat(strategy.at("/announced").asString()).isEqualTo("green");
    assertThat(strategy.at("/blue/openQueries").asInt()).isEqualTo(1);
    assertThat(strategy.at("/blue/oldestQueryMs").asDouble()).isEqualTo(754_000);
    assertThat(strategy.at("/green/oldestQueryMs").isNull()).isTrue();
    assertThat(strategy.at("/queries/0/id").asString()).isEqualTo("q-7f3a91");
    assertThat(strategy.at("/queries/0/ageMs").asDouble()).isEqualTo(754_000);
    assertThat(strategy.at("/clients/reporting").asInt()).isEqualTo(8);
    assertThat(strategy.at("/wrongStrategyShare").asDouble()).isEqualTo(0.018);
  }

  @Test
  void statusSaysThatTheClusterIsSilentAndNothingWithoutOne() {
    assertThat(run(engine(Snapshots.silentCluster(), (c, s) -> {}), "release", "status"))
        .isEqualTo(ExitCode.TIMED_OUT);
    assertThat(out.toString())
        .contains("strategy     ✗ the query cluster does not answer: connection refused")
        .doesNotContain("\u001b", "open queries");

    out.getBuffer().setLength(0);
    assertThat(run(engine(Snapshots.of(Snapshots.OTHERS, null), (c, s) -> {}), "release", "status"))
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString()).doesNotContain("strategy");
  }

  @Test
  void statusWatchFollowsUntilTheTimeout() {
    ScriptedEngine engine = engine(Snapshots.of(Snapshots.OTHERS, null), (c, s) -> {});
    Thread.ofVirtual().start(() -> engine.show(Snapshots.of(Snapshots.NOBODYS, null)));

    assertThat(run(engine, "release", "status", "--watch", "--timeout", "600ms", "--json"))
        .isEqualTo(ExitCode.OK);
    assertThat(lastLine().at("/lease/holder").asString()).isEmpty();
  }

  @Test
  void configurationProblemsAreExitCode2() {
    Engines broken =
        new Engines() {
          @Override
          public Engine open(Path file, Intent intent) throws ConfigurationException {
            throw new ConfigurationException(
                List.of("signalbox.yaml:3:5: 'prot' is not known here."));
          }

          @Override
          public Optional<Engine> resident(Path file) {
            return Optional.empty();
          }

          @Override
          public MigrationControl migrations(Path file, String database)
              throws ConfigurationException {
            throw new ConfigurationException(List.of("x"));
          }

          @Override
          public List<Diagnosis> diagnose(Path file, Colour from) {
            throw new IllegalStateException("not asked for");
          }

          @Override
          public AuditReport audit(Path file) throws ConfigurationException {
            throw new ConfigurationException(List.of("signalbox.yaml:3: no"));
          }
        };

    assertThat(run(broken, "release", "status")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .isEqualTo("signalbox: signalbox.yaml:3:5: 'prot' is not known here.\n");
    assertThat(run(broken, "migrate", "status", "--json")).isEqualTo(ExitCode.USAGE);
    assertThat(lastLine().path("type").asString()).isEqualTo("error");
  }

  @Test
  void defectIsASentenceWithoutAStackTrace() {
    ScriptedEngine engine = engine(Snapshots.of(Snapshots.MINE, null), (c, s) -> s.end(null));

    assertThat(run(engine, "release", "cutover")).isEqualTo(ExitCode.DEFECT);
    assertThat(err.toString())
        .contains("Something unexpected happened", "--debug")
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "release cutover --timeout soon | is not a duration such as 500ms",
        "release cleanup | Missing required option: '--confirm=NAME'",
        "release start | Missing required parameter: 'VERSION'",
        "relase start | Unmatched argument",
        "status | Unmatched argument",
        "release abort | Unmatched argument",
        "demo --rate 0 | --rate takes 1 to 5000, not 0.",
        "demo --service-only --switches 2 | --service-only makes no switches by itself",
        "demo --switches 2000 | --switches takes 1 to 1000",
        "demo --seconds x | Invalid value for option '--seconds'",
        "migrate apply | Say which side: --stack blue",
        "migrate apply --stack red | 'red' is neither blue nor green",
        "~release status -f ~ | '--file': the name of the file is missing; write it behind",
        "~cluster -c ~ | '--config': the name of the file is missing; write it behind"
      })
  void wrongUseIsExitCode2WithASentence(String line, String sentence) {
    ScriptedEngine engine = engine(Snapshots.of(Snapshots.MINE, null), (c, s) -> {});

    assertThat(run(engine, line.split(" ", -1))).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains(sentence).doesNotContain("\tat ");

    assertThat(run(engine, (line + " --json").split(" ", -1))).isEqualTo(ExitCode.USAGE);
    assertThat(lastLine().path("problems").path(0).asString()).contains(sentence);
    assertThat(engine.submitted).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"release", "migrate", "''"})
  void groupAloneShowsItsCommands(String line) {
    ScriptedEngine engine = engine(Snapshots.of(Snapshots.MINE, null), (c, s) -> {});
    String[] args = line.isEmpty() ? new String[0] : new String[] {line};

    assertThat(run(engine, args)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("Commands:");
  }

  @Test
  void helpSaysTheExitCodes() {
    assertThat(run(engine(Snapshots.of(Snapshots.MINE, null), (c, s) -> {}), "--help")).isZero();
    assertThat(out.toString())
        .contains("demo", "release", "migrate", "window", "3  another console drives", "--version")
        .contains("Drive the environment until Ctrl-C or SIGTERM, for a service manager.\n")
        .doesNotContain("take up what was left");
  }

  @ParameterizedTest
  @CsvSource({"--version", "release start --version"})
  void versionIsTheSameEverywhere(String line) {
    assertThat(run(engine(Snapshots.of(Snapshots.MINE, null), (c, s) -> {}), line.split(" ", -1)))
        .isZero();
    assertThat(out.toString()).startsWith("signalbox ");
  }

  @Test
  void demoGetsItsShape() {
    ScriptedEngine engine = engine(Snapshots.of(Snapshots.MINE, null), (c, s) -> {});

    assertThat(
            run(
                engine,
                "demo",
                "--headless",
                "--json",
                "--switches",
                "20",
                "--rate",
                "500",
                "--seconds",
                "20"))
        .isEqualTo(42);
    assertThat(demo).isEqualTo(new DemoOptions(true, false, true, 20, 500, Duration.ofSeconds(20)));
  }

  @Test
  void migrationsAreShownForBothStacks() {
    ScriptedEngine engine = engine(Snapshots.of(Snapshots.MINE, null), (c, s) -> {});

    assertThat(run(engine, "migrate", "status")).isZero();
    assertThat(out.toString())
        .contains("blue   2         pending   add index", "green  2         pending");
    assertThat(run(engine, "migrate", "undo", "--stack", "green", "--down-to", "1", "--json"))
        .isZero();
    assertThat(lastLine().path("text").asString()).isEqualTo("green down to 1");
  }

  @Test
  void auditVerifyNamesTheFirstEntryThatDoesNotFit() {
    ScriptedEngine engine = engine(Snapshots.of(Snapshots.MINE, null), (c, s) -> {});
    audit = new AuditReport(7, 2, 7, "ab12", List.of("A note."), List.of(), null);
    assertThat(run(engine, "audit", "verify", "-f", "some.yaml")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("A note.", "2 entries are from before the chain")
        .contains("Every entry fits: 7 entries, the last is 7, its hash ab12");
    assertThat(opened).isEmpty();

    audit =
        new AuditReport(
            7, 0, 7, "ab12", List.of(), List.of(), new AuditReport.Misfit(3, "it was changed."));
    assertThat(run(engine, "audit", "verify")).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("Entry 3: it was changed.");
    assertThat(run(engine, "audit", "verify", "--json")).isEqualTo(ExitCode.FAILED);
    assertThat(lastLine().path("misfit").path("sequence").asInt()).isEqualTo(3);

    audit = new AuditReport(0, 0, 0, "", List.of(), List.of(), null);
    assertThat(run(engine, "audit", "verify")).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("There is no journal in either database (0 entries)");
    assertThat(run(engine, "audit", "verify", "--json")).isEqualTo(ExitCode.FAILED);
    assertThat(lastLine().path("sound").asBoolean()).isFalse();

    audit = new AuditReport(7, 0, 7, "ab12", List.of(), List.of("green is away."), null);
    assertThat(run(engine, "audit", "verify")).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("green is away.");
  }

  private ScriptedEngine engine(
      EngineSnapshot first, BiConsumer<Command, ScriptedEngine.Script> script) {
    return new ScriptedEngine(first, script);
  }

  private int run(ScriptedEngine engine, String... args) {
    return run(
        new Engines() {
          @Override
          public Engine open(Path file, Intent intent) {
            opened.add(file + " " + intent);
            return engine;
          }

          @Override
          public Optional<Engine> resident(Path file) {
            return Optional.ofNullable(resident);
          }

          @Override
          public MigrationControl migrations(Path file, String database) {
            return new Migrations();
          }

          @Override
          public List<Diagnosis> diagnose(Path file, Colour from) {
            throw new IllegalStateException("not asked for");
          }

          @Override
          public AuditReport audit(Path file) {
            return audit;
          }
        },
        args);
  }

  private int run(Engines engines, String... args) {
    Services services =
        new Services(
            engines,
            options -> {
              demo = options;
              return 42;
            },
            file -> 43,
            new Services.Cluster() {
              @Override
              public int run(Path file, java.util.function.Consumer<String> listening) {
                listening.accept("Clients reach the cluster at nowhere, it is " + file + ".");
                return 44;
              }

              @Override
              public String hash(char[] password) {
                return "hash of " + new String(password);
              }
            },
            new NoVault());
    return Cli.run(
        services,
        new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false),
        args);
  }

  @Test
  void clusterRunsAndHashesPasswordsOfStandardInput() {
    ScriptedEngine engine = engine(Snapshots.of(Snapshots.MINE, null), (c, s) -> {});
    assertThat(run(engine, "cluster", "-c", "some.yaml")).isEqualTo(44);
    assertThat(out.toString()).contains("it is some.yaml.");
    java.io.InputStream before = System.in;
    try {
      System.setIn(new java.io.ByteArrayInputStream("pass\nword".getBytes(StandardCharsets.UTF_8)));
      assertThat(run(engine, "cluster", "hash-password")).isEqualTo(ExitCode.OK);
      assertThat(out.toString()).contains("hash of pass").doesNotContain("word");
      System.setIn(new java.io.ByteArrayInputStream(new byte[0]));
      assertThat(run(engine, "cluster", "hash-password")).isEqualTo(ExitCode.USAGE);
      assertThat(err.toString()).contains("The password is empty.");
    } finally {
      System.setIn(before);
    }
  }

  private JsonNode lastLine() {
    return JsonMapper.shared().readTree(out.toString().lines().toList().getLast());
  }

  private static final class Migrations implements MigrationControl {
    @Override
    public List<MigrationView> status(Colour stack) {
      return List.of(
          new MigrationView(
              "2", "add index", MigrationView.State.PENDING, true, null, "", null, ""));
    }

    @Override
    public Outcome apply(Colour stack) {
      return new Outcome.Done(stack + " applied");
    }

    @Override
    public Outcome undo(Colour stack, String downTo) {
      return new Outcome.Done(stack + " down to " + downTo);
    }

    @Override
    public void close() {}
  }
}
