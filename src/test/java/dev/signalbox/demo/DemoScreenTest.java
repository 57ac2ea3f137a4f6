package dev.signalbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.demo.load.Counts;
import dev.signalbox.demo.load.LoadRate;
import dev.signalbox.demo.load.Receipt;
import dev.signalbox.demo.query.QueryCounts;
import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.WayBack;
import dev.signalbox.support.SampleLevers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoScreenTest {
  private static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");

  /// @param live null when the planes do not agree, or do not answer
  /// @param router the entry as it was seen
  private static EngineSnapshot snapshot(@Nullable Colour live, ApplicationView.Router router) {
    return new EngineSnapshot(
        1,
        AT,
        "demo",
        live,
        LeaseView.UNKNOWN,
        null,
        null,
        List.of(new ApplicationView(AT, Map.of(), router)),
        List.of(),
        SampleLevers.cutOver(""),
        Duration.ofSeconds(1),
        null,
        new WayBack(false, Colour.BLUE, Duration.ZERO, 0, "", ""),
        EngineSnapshot.History.NONE,
        0,
        Duration.ofSeconds(1));
  }

  @Test
  void theReceiptTellsTheLongestWaitAndNothingOfWhatOthersSwitched() {
    StringWriter text = new StringWriter();
    new DemoScreen(new PrintWriter(text), false)
        .receipt(receipt(new Receipt.Load(200, 200, 200, true, 4_000, 800, 0)));
    assertThat(text.toString())
        .contains("longest wait    7,767.8 ms", "requests/s          200\n")
        .contains("warm-up             800 requests, 0 failed: not counted\n")
        .doesNotContain("switches");
  }

  @Test
  void theReceiptTellsWhatTheMachineCouldNotCarry() {
    StringWriter text = new StringWriter();
    new DemoScreen(new PrintWriter(text), false)
        .receipt(receipt(new Receipt.Load(5_000, 1_200, 960, false, 90_000, 99, 3)));
    assertThat(text.toString())
        .contains("requests/s          960 of 5,000: this machine carries about 1,200\n")
        .contains("99 requests, 3 failed: not counted; the service was not steady after it\n");
  }

  @Test
  void aRunThatNeverBeganDoesNotTellWhatTheMachineCarries() {
    StringWriter text = new StringWriter();
    LoadRate found = new LoadRate(200, 100, 100, false, Duration.ofSeconds(10));
    new DemoScreen(new PrintWriter(text), false)
        .receipt(receipt(Receipt.Load.of(found, Counts.NONE)));
    assertThat(text.toString()).contains("requests/s          100 of 200\n");
  }

  private static Receipt receipt(Receipt.Load load) {
    return new Receipt(null, new Receipt.Totals(9, 0, 0, 0, 0, 7_767.8), QueryCounts.NONE, load);
  }

  private static final EngineSnapshot UNSEEN =
      snapshot(null, new ApplicationView.Router("embedded", false, null, null, false, 0, Map.of()));

  private static final EngineSnapshot SEEN =
      snapshot(
          Colour.BLUE,
          new ApplicationView.Router(
              "embedded",
              true,
              Colour.BLUE,
              Colour.BLUE,
              false,
              0,
              Map.of(
                  Colour.BLUE,
                  new ApplicationView.Traffic(1, 200, Duration.ZERO, 0, 0),
                  Colour.GREEN,
                  new ApplicationView.Traffic(0, 0, Duration.ZERO, 0, 0))));

  private static String line(EngineSnapshot snapshot, boolean json) {
    StringWriter out = new StringWriter();
    new DemoScreen(new PrintWriter(out), json).figures(snapshot, Counts.NONE, QueryCounts.NONE);
    return out.toString();
  }

  private static JsonNode object(EngineSnapshot snapshot) {
    return JsonMapper.shared().readTree(line(snapshot, true));
  }

  @Test
  void anEntryThatIsNotSeenHasNoRates() {
    assertThat(line(UNSEEN, false))
        .contains("live unknown", "blue unknown", "green unknown", "lag unknown")
        .doesNotContain("0/s");
    JsonNode figures = object(UNSEEN);
    for (String field : List.of("live", "bluePerSecond", "greenPerSecond", "lagMs")) {
      assertThat(figures.has(field)).as(field).isTrue();
      assertThat(figures.path(field).isNull()).as(field).isTrue();
    }
  }

  @Test
  void aStackWithoutRequestsHasNone() {
    assertThat(line(SEEN, false)).contains("live blue", "200/s").containsPattern("green +0/s");
    JsonNode figures = object(SEEN);
    assertThat(figures.path("live").asString()).isEqualTo("blue");
    assertThat(figures.path("bluePerSecond").asInt()).isEqualTo(200);
    assertThat(figures.path("greenPerSecond").asInt(-1)).isZero();
  }
}
