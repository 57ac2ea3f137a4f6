package dev.signalbox.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.EventPayload.GateSeen;
import dev.signalbox.engine.EventPayload.MoveDone;
import dev.signalbox.engine.EventPayload.MoveProven;
import dev.signalbox.engine.EventPayload.MoveStarted;
import dev.signalbox.engine.EventPayload.MoveUndone;
import dev.signalbox.engine.EventPayload.Ordered;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.EventPayload.ReleaseEnded;
import dev.signalbox.engine.EventPayload.ReleaseStarted;
import dev.signalbox.engine.EventPayload.StepDone;
import dev.signalbox.engine.EventPayload.UndoDone;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.support.EventPayloads;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventDataTest {
  private static final Move OVER = Move.to(Colour.GREEN);

  @Test
  void whatIsWrittenIsRead() {
    Set<Kind> met = EnumSet.noneOf(Kind.class);
    for (EventPayload payload : EventPayloads.random(7, 5_000)) {
      met.add(payload.kind());
      Map<String, String> data = EventData.encode(payload);
      assertThat(EventData.decode(payload.kind(), data, 1)).as(data.toString()).isEqualTo(payload);
    }
    assertThat(met).as("kinds that were tried").containsExactlyInAnyOrder(Kind.values());
  }

  /// Written down here, because journals hold it: it must not change without being read still.
  @Test
  void theFormIsAsItStandsInJournals() {
    assertThat(EventData.encode(new StepDone(Duration.ofNanos(41_200_000), 3)))
        .isEqualTo(Map.of("took", "PT0.0412S", "epoch", "3"));
    assertThat(EventData.encode(new MoveDone(OVER, Duration.ofMillis(37), false)))
        .isEqualTo(Map.of("from", "blue", "to", "green", "stall", "PT0.037S", "proven", "false"));
    assertThat(EventData.encode(new MoveStarted(OVER, true)))
        .isEqualTo(Map.of("from", "blue", "to", "green", "lossAcknowledged", "true"));
    assertThat(EventData.encode(Ordered.ROLL_BACK)).isEqualTo(Map.of("command", "roll back"));
    assertThat(EventData.encode(new ReleaseEnded(false))).isEqualTo(Map.of("result", "given up"));
    assertThat(EventData.encode(Plain.HOLDING)).isEmpty();
  }

  @Test
  void whatEarlierVersionsWroteIsRead() {
    assertThat(EventData.decode(Kind.STEP_DONE, Map.of("ms", "41.2"), 3))
        .isEqualTo(new StepDone(Duration.ofNanos(41_200_000), 3));
    assertThat(EventData.decode(Kind.STEP_DONE, Map.of("ms", "0.1", "epoch", "2"), 3))
        .isEqualTo(new StepDone(Duration.ofNanos(100_000), 2));
    assertThat(EventData.decode(Kind.STEP_DONE, Map.of(), 3)).isEqualTo(new StepDone(null, 3));
    assertThat(EventData.decode(Kind.UNDO_DONE, Map.of(), 3)).isEqualTo(new UndoDone(3));
    assertThat(EventData.decode(Kind.LEASE_TAKEN, Map.of("epoch", "3"), 3))
        .isEqualTo(Plain.LEASE_TAKEN);
    Map<String, String> done = Map.of("from", "blue", "to", "green", "stallMs", "2940.5");
    assertThat(EventData.decode(Kind.MOVE_DONE, done, 3))
        .isEqualTo(new MoveDone(OVER, Duration.ofNanos(2_940_500_000L), true));
    assertThat(EventData.decode(Kind.MOVE_UNDONE, Map.of("from", "blue", "to", "green"), 3))
        .isEqualTo(new MoveUndone(OVER, null, false));
    assertThat(EventData.decode(Kind.MOVE_PROVEN, done, 3)).isEqualTo(new MoveProven(OVER));
    assertThat(
            EventData.decode(
                Kind.RELEASE_STARTED,
                Map.of("version", "v2", "origin", "blue", "target", "green"),
                3))
        .isEqualTo(new ReleaseStarted("v2", Colour.BLUE, Colour.GREEN));
    assertThat(EventData.decode(Kind.COMMAND, Map.of("command", "resume"), 3))
        .isEqualTo(Ordered.RESUME);
    assertThat(EventData.decode(Kind.COMMAND, Map.of("command", "something newer"), 3))
        .isEqualTo(Ordered.OTHER);
    assertThat(EventData.decode(Kind.GATE, Map.of("state", "PENDING"), 3))
        .isEqualTo(new GateSeen(GateView.State.PENDING));
  }

  @DisplayName("what does not say what its kind needs is not guessed")
  @ParameterizedTest(name = "{0} {1}={2}")
  @CsvSource({
    "MOVE_DONE, to, green",
    "MOVE_STARTED, from, red",
    "RELEASE_STARTED, origin, blue",
    "STEP_DONE, took, 41 ms",
    "STEP_DONE, ms, soon",
    "UNDO_DONE, epoch, last",
    "GATE, state, AJAR"
  })
  void nothingIsGuessed(Kind kind, String key, String value) {
    assertThatThrownBy(() -> EventData.decode(kind, Map.of(key, value), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
