package dev.signalbox.engine.release.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EventPayload.StepDone;
import dev.signalbox.engine.EventPayload.UndoDone;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.application.ApplicationPlane;
import dev.signalbox.engine.application.router.EntryRouter;
import dev.signalbox.engine.database.DatabasePlane;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.environment.StrategySettings;
import dev.signalbox.engine.http.Probe;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.conductor.CutoverModel.Act;
import dev.signalbox.engine.release.conductor.CutoverModel.Entry;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.engine.strategy.StrategyPlane;
import dev.signalbox.support.Await;
import dev.signalbox.support.RealComponent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The model of the cutover speaks of the steps that there really are, in their order, and judges
/// journals of moves by it. That the model itself holds is checked by `.ci/model`.
class CutoverModelTest {
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1");
  private CutoverModel model;

  @BeforeEach
  void read() throws Exception {
    model = CutoverModel.read();
  }

  // ---- the steps of the planes -----------------------------------------------------------------

  /// Of all planes in the order of the console, stage by stage. None of them connects to anything.
  private static List<Step> realSteps() {
    Map<Colour, PostgresServer> servers =
        Map.of(Colour.BLUE, server(Colour.BLUE), Colour.GREEN, server(Colour.GREEN));
    try (Probe probe = new Probe();
        DatabasePlane database =
            new DatabasePlane(
                "model", ConductorTest.ENVIRONMENT.databases().getFirst(), servers, List.of());
        ApplicationPlane application =
            new ApplicationPlane(
                Objects.requireNonNull(ConductorTest.ENVIRONMENT.application()),
                new EntryRouter(NOWHERE, new SecretSource.InVariable("NONE")),
                probe,
                Duration.ofSeconds(1),
                true);
        StrategyPlane strategy =
            new StrategyPlane(
                new StrategySettings(
                    NOWHERE,
                    new SecretSource.InVariable("NONE"),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1)),
                colour -> Optional.empty())) {
      return Stream.of(database, application, strategy)
          .flatMap(plane ->
              plane
                  .steps(
                      Phase.CUT_OVER,
                      Move.to(Colour.GREEN),
                      new ReleaseInfo(1, "v2", Colour.BLUE, Colour.GREEN))
                  .stream())
          .sorted(Comparator.comparing(Step::stage))
          .toList();
    }
  }

  private static PostgresServer server(Colour colour) {
    return new PostgresServer(
        colour, new PostgresServer.Coordinates("127.0.0.1", 1, "none", "none", "none"));
  }

  @Test
  void namesTheStepsOfTheThreePlanesInTheirOrder() {
    List<Step> steps = realSteps();
    assertThat(model.runs()).containsExactlyElementsOf(steps.stream().map(Step::id).toList());
    assertThat(model.undos()).containsExactlyElementsOf(model.runs().reversed());
    assertThat(steps.get(model.finish()).stage()).isEqualTo(Stage.ROUTE);
    assertThat(steps.get(model.finish() - 1).stage()).isEqualTo(Stage.COMMIT);
  }

  // ---- orders ----------------------------------------------------------------------------------

  /// Words such as `+database.fence`, `-database.fence`, `resumed`, and the epoch as a number.
  private static List<Entry> trace(String words) {
    List<Entry> entries = new ArrayList<>();
    long epoch = 1;
    for (String word : words.strip().split("\\s+", -1)) {
      if (Character.isDigit(word.charAt(0))) {
        epoch = Long.parseLong(word);
      } else if (word.equals("resumed")) {
        entries.add(new Entry("", Act.RESUMED, epoch));
      } else {
        entries.add(
            new Entry(word.substring(1), word.charAt(0) == '+' ? Act.RUN : Act.UNDO, epoch));
      }
    }
    return entries;
  }

  private static final String UP_TO_HOLD =
      "+database.announce +application.announce +strategy.probe +application.hold ";
  private static final String UP_TO_CATCH_UP = UP_TO_HOLD + "+database.fence +database.catch-up ";
  private static final String UP_TO_SWITCH = UP_TO_CATCH_UP + "+database.switch ";

  static Stream<String> allowed() {
    return Stream.of(
        UP_TO_SWITCH,
        // The fence failed, and what it may have done is taken back, too.
        UP_TO_HOLD + "-database.fence -application.hold -strategy.probe -application.announce",
        // The next console sees the commit done.
        UP_TO_CATCH_UP + "2 +application.route +database.verify",
        UP_TO_CATCH_UP + "resumed +application.route",
        UP_TO_SWITCH + "+application.route 2 +application.route +database.verify",
        // The next console sees it not done.
        UP_TO_CATCH_UP + "2 -database.switch -database.catch-up -database.fence",
        // Undoing stopped half-way, and begins again.
        UP_TO_CATCH_UP + "-database.catch-up -database.fence 2 -database.fence -application.hold");
  }

  @ParameterizedTest
  @MethodSource
  void allowed(String words) {
    assertThat(model.objection(trace(words))).isNull();
  }

  static Stream<List<String>> refused() {
    return Stream.of(
        List.of(UP_TO_HOLD + "+database.fence +database.switch", "next is database.catch-up"),
        List.of(UP_TO_CATCH_UP + "+application.route", "next is database.switch"),
        List.of(UP_TO_SWITCH + "-database.switch", "what was committed is not undone"),
        List.of(UP_TO_SWITCH + "2 -database.switch", "what was committed is not undone"),
        List.of(
            UP_TO_CATCH_UP + "2 +application.route -application.route",
            "what was committed is not undone"),
        List.of(UP_TO_CATCH_UP + "2 -database.switch 1 -database.catch-up", "older epoch"),
        List.of(UP_TO_HOLD + "-application.hold -database.fence", "from the last to the first"),
        List.of(UP_TO_CATCH_UP + "-application.hold", "must be undone before"),
        List.of(UP_TO_CATCH_UP + "-database.catch-up +database.switch", "is being undone"),
        List.of(UP_TO_HOLD + "2 +database.fence", "goes on behind the point of no return"),
        List.of(UP_TO_HOLD + "2 +application.route", "goes on behind the point of no return"),
        List.of("+database.move", "no such step"));
  }

  @ParameterizedTest
  @MethodSource
  void refused(List<String> wordsAndWhy) {
    assertThat(model.objection(trace(wordsAndWhy.getFirst()))).contains(wordsAndWhy.getLast());
  }

  @Test
  void anEnvironmentWithFewerPlanesHasFewerSteps() {
    CutoverModel alone = model.only(java.util.Set.of("database"));
    String before = "+database.announce +database.fence +database.catch-up +database.switch ";
    assertThat(alone.objection(trace(before + "+database.verify"))).isNull();
    assertThat(alone.objection(trace(before + "-database.switch"))).contains("not undone");
    assertThat(model.objection(trace(before))).contains("next is application.announce");
  }

  // ---- journals and simulations ----------------------------------------------------------------

  /// The real conductor, with steps that are named as the real ones and do nothing.
  @Test
  void allowsWhatTheConductorJournals() throws Exception {
    List<Step> steps = realSteps();
    for (int failing = 0; failing <= model.finish(); failing++) {
      String fails = failing == model.finish() ? "" : model.runs().get(failing);
      List<Entry> move = journalled(steps, fails);
      assertThat(model.objection(move)).as(move.toString()).isNull();
      assertThat(move.stream().map(Entry::act))
          .as(fails)
          .contains(fails.isEmpty() || failing > 0 ? Act.RUN : Act.UNDO);
      assertThat(move.getLast())
          .isEqualTo(
              fails.isEmpty()
                  ? new Entry("strategy.verify", Act.RUN, 1)
                  // A commit that failed is undone under a new epoch only.
                  : new Entry(
                      "database.announce", Act.UNDO, fails.equals("database.switch") ? 2 : 1));
    }
  }

  private static List<Entry> journalled(List<Step> steps, String failing) throws Exception {
    MemoryJournal journal = new MemoryJournal();
    try (Conductor conductor =
        new Conductor(
            ConductorTest.ENVIRONMENT,
            new Planes(List.of(new NamedPlane(steps, failing))),
            new Recorder(journal, "console", () -> {}),
            journal,
            new LiveExecution(),
            text -> {})) {
      conductor.drives(journal.acquire(false), "");
      Await.until("it drives", () -> conductor.epoch() != 0 && !conductor.busy());
      conductor.submit(new Command.StartRelease("v2")).toCompletableFuture().get();
      Await.until("it is ready", () -> conductor.lever(LeverId.CUT_OVER).locked().isEmpty());
      conductor.submit(new Command.CutOver()).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
    return journal.read(0, 1000).stream()
        .filter(e -> e.phase() == Phase.CUT_OVER)
        .flatMap(CutoverModelTest::entry)
        .toList();
  }

  private static Stream<Entry> entry(EngineEvent event) {
    return switch (event.payload()) {
      case StepDone done -> Stream.of(new Entry(event.step(), Act.RUN, done.epoch()));
      case UndoDone undone -> Stream.of(new Entry(event.step(), Act.UNDO, undone.epoch()));
      default -> Stream.empty();
    };
  }

  /// What is derived from the model's text is what the model does.
  @Test
  void allowsWhatTheModelDoes() throws Exception {
    String spin = RealComponent.program("spin").toString();
    int moves = 0;
    for (int seed = 1; seed <= 40; seed++) {
      Process run =
          new ProcessBuilder(
                  spin, "-T", "-n" + seed, "-DFORCED=0", "-DLOSSES=0", CutoverModel.FILE.toString())
              .redirectErrorStream(true)
              .start();
      String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(run.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(output).as("seed " + seed).doesNotContain("Error").contains("begin");
      for (String move : output.substring(output.indexOf("begin")).split("begin\n", -1)) {
        if (move.isBlank()) {
          continue;
        }
        moves++;
        assertThat(model.objection(simulated(move))).as("seed " + seed + ": " + move).isNull();
      }
    }
    assertThat(moves).isGreaterThan(40);
  }

  private static List<Entry> simulated(String output) {
    List<Entry> entries = new ArrayList<>();
    for (String line : output.lines().toList()) {
      String[] words = line.strip().split(" ", -1);
      switch (words[0]) {
        case "run" -> entries.add(new Entry(words[1], Act.RUN, Long.parseLong(words[2])));
        case "undo" -> entries.add(new Entry(words[1], Act.UNDO, Long.parseLong(words[2])));
        case "taken" -> entries.add(new Entry("", Act.RESUMED, Long.parseLong(words[2])));
        default -> {}
      }
    }
    return entries;
  }
}
