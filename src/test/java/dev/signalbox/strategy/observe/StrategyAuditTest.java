package dev.signalbox.strategy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.ErrorClass;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyEvent;
import dev.signalbox.strategy.StrategyEvent.SafePoint;
import dev.signalbox.support.Await;
import dev.signalbox.support.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StrategyAuditTest {
  private static final ClusterKey KEY = new ClusterKey("planner:443", "sales");
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ManualClock clock = new ManualClock();

  @TempDir Path folder;

  private StrategyAudit start(int capacity, long maxBytes) {
    return StrategyAudit.start(
        new AuditFolder(folder, maxBytes), clock, capacity, Duration.ofHours(1));
  }

  private List<JsonNode> lines(AuditKind kind, LocalDate day) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    Path file = folder.resolve("strategy-" + kind.word() + "-" + day + ".jsonl");
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private static StrategyEvent corrected(String what) {
    return new StrategyEvent.Corrected(what);
  }

  @Test
  void writesEachEventToItsFileAndFlushesOnClose() throws IOException {
    try (StrategyAudit audit = start(100, 1 << 20)) {
      audit.accept(
          KEY,
          new StrategyEvent.Applied(
              Strategy.BLUE, Strategy.GREEN, Duration.ofMillis(1_250), SafePoint.QUERY_CLEARED));
      audit.accept(KEY, new StrategyEvent.WrongStrategy(null, "status"));
      audit.accept(
          KEY, new StrategyEvent.CallEnded("status", Duration.ofMillis(7), ErrorClass.TIMEOUT));
      audit.accept(KEY, new StrategyEvent.CallEnded("status", Duration.ofMillis(2), null));
      audit.accept(KEY, new StrategyEvent.CallEnded("status", Duration.ofMillis(3), null));
      audit.accept(KEY, new StrategyEvent.LookedUp(true));
      audit.accept(KEY, new StrategyEvent.QueryOpened("q1", Strategy.BLUE));
      audit.accept(
          KEY,
          new StrategyEvent.QueryClosed("q1", Strategy.BLUE, Duration.ofSeconds(2), "cleared"));
    }
    assertThat(lines(AuditKind.CHANGES, TODAY))
        .singleElement()
        .isEqualTo(
            JSON.readTree(
                """
                {"at":"2026-11-21T12:00:00Z","event":"applied","target":"planner:443",\
                "cluster":"sales","from":"blue","to":"green","pending_ms":1250,\
                "safe_point":"QUERY_CLEARED"}\
                """));
    assertThat(lines(AuditKind.ERRORS, TODAY))
        .extracting(line -> line.required("event").asString())
        .containsExactly("wrong_strategy", "call_failed");
    assertThat(lines(AuditKind.PERFORMANCE, TODAY))
        .extracting(JsonNode::toString)
        .satisfiesExactly(
            query -> assertThat(query).contains("\"query\":\"q1\"", "\"open_ms\":2000"),
            calls ->
                assertThat(calls).contains("\"count\":2", "\"mean_ms\":2.5", "\"cache_hits\":1"));
  }

  @Test
  void anyTextComesBackFromItsJson() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int k = random.nextInt(30); k > 0; k--) {
        text.append(
            (char) (random.nextInt(4) == 0 ? random.nextInt(0x10000) : random.nextInt(128)));
      }
      String line = new JsonLine().put("what", text.toString()).put("n", i).end();
      assertThat(line.indexOf('\n')).as("one line").isEqualTo(line.length() - 1);
      byte[] utf8 = line.getBytes(StandardCharsets.UTF_8);
      assertThat(JSON.readTree(utf8).required("what").asString())
          .as("seed %d", seed)
          .isEqualTo(text.toString());
    }
  }

  @Test
  void beginsAFileEachDayAndDeletesOnlyItsOwnOldOnes() throws Exception {
    Path precious = Files.writeString(folder.resolve("precious"), "precious");
    List<String> kept =
        List.of(
            "strategy-changes-" + TODAY.minusDays(89) + ".jsonl",
            "strategy-errors-" + TODAY.minusDays(29) + ".jsonl",
            "strategy-performance-" + TODAY.minusDays(6) + ".jsonl",
            "strategy-changes-2020-13-45.jsonl",
            "strategy-other-2020-01-01.jsonl",
            "my-strategy-changes-2020-01-01.jsonl",
            "strategy-changes-2020-01-01.jsonl.gz");
    List<String> old =
        List.of(
            "strategy-changes-" + TODAY.minusDays(91) + ".jsonl",
            "strategy-errors-" + TODAY.minusDays(31) + ".jsonl",
            "strategy-performance-" + TODAY.minusDays(8) + ".jsonl");
    for (String name : kept) {
      Files.writeString(folder.resolve(name), "{}\n");
    }
    for (String name : old) {
      Files.writeString(folder.resolve(name), "{}\n");
    }
    Files.createSymbolicLink(folder.resolve("strategy-changes-2020-01-01.jsonl"), precious);
    Files.createDirectory(folder.resolve("strategy-changes-2020-01-02.jsonl"));
    try (StrategyAudit audit = start(100, 1 << 20)) {
      Await.until(
          "old ones go", () -> old.stream().noneMatch(n -> Files.exists(folder.resolve(n))));
      audit.accept(KEY, corrected("today"));
      Await.until("it is written", () -> lines(AuditKind.CHANGES, TODAY).size() == 1);
      clock.pass(Duration.ofHours(12));
      audit.accept(KEY, corrected("tomorrow"));
      Await.until("a new file", () -> lines(AuditKind.CHANGES, TODAY.plusDays(1)).size() == 1);
    }
    assertThat(kept).allMatch(name -> Files.exists(folder.resolve(name)));
    assertThat(folder.resolve("strategy-changes-2020-01-01.jsonl")).isSymbolicLink();
    assertThat(folder.resolve("strategy-changes-2020-01-02.jsonl")).isDirectory();
    assertThat(precious).hasContent("precious");
  }

  @Test
  void neverWritesThroughASymbolicLinkAndSaysWhatWasLost() throws Exception {
    Path precious = Files.writeString(folder.resolve("precious"), "precious\n");
    Path link = folder.resolve("strategy-changes-" + TODAY + ".jsonl");
    Files.createSymbolicLink(link, precious);
    try (StrategyAudit audit = start(100, 1 << 20)) {
      audit.accept(KEY, corrected("one"));
      Await.until("the loss is told", () -> lines(AuditKind.ERRORS, TODAY).size() == 1);
      assertThat(lines(AuditKind.ERRORS, TODAY).getFirst().toString())
          .contains("\"event\":\"dropped\"", "\"count\":1");
      Files.delete(link);
      audit.accept(KEY, corrected("two"));
    }
    assertThat(precious).hasContent("precious");
    assertThat(lines(AuditKind.CHANGES, TODAY)).hasSize(1);
  }

  @Test
  void callersNeverWaitAndEveryDropIsCounted() throws Exception {
    int events = 50_000;
    try (StrategyAudit audit = start(10, 64 << 20)) {
      for (int i = 0; i < events; i++) {
        audit.accept(KEY, corrected("number " + i));
      }
      Await.until("all is accounted for", () -> written() + droppedLines() == events);
    }
    assertThat(droppedLines()).isPositive();
  }

  @Test
  void aFullFileLosesLinesButSaysSo() throws Exception {
    try (StrategyAudit audit = start(1_000, 2_000)) {
      for (int i = 0; i < 200; i++) {
        audit.accept(KEY, corrected("number " + i));
      }
      Await.until("all is accounted for", () -> written() + droppedLines() == 200);
    }
    assertThat(Files.size(folder.resolve("strategy-changes-" + TODAY + ".jsonl")))
        .isLessThanOrEqualTo(2_000);
  }

  private long written() throws IOException {
    return lines(AuditKind.CHANGES, TODAY).size();
  }

  private long droppedLines() throws IOException {
    return lines(AuditKind.ERRORS, TODAY).stream()
        .mapToLong(line -> line.required("count").longValue())
        .sum();
  }

  @Test
  void beginsANewLineAfterOneThatWasCutOff() throws IOException {
    Path file = folder.resolve("strategy-changes-" + TODAY + ".jsonl");
    Files.writeString(file, "{\"at\":\"2026-", StandardOpenOption.CREATE);
    try (StrategyAudit audit = start(100, 1 << 20)) {
      audit.accept(KEY, corrected("after"));
    }
    assertThat(Files.readAllLines(file))
        .satisfiesExactly(
            cut -> assertThat(cut).isEqualTo("{\"at\":\"2026-"),
            after ->
                assertThat(JSON.readTree(after).required("what").asString()).isEqualTo("after"));
  }
}
