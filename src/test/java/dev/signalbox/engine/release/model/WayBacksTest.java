package dev.signalbox.engine.release.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WayBacksTest {
  private static final Map<String, String> FORWARD = Map.of("from", "blue", "to", "green");
  private ReleaseState state = ReleaseState.NONE;

  @Test
  void theTimeIsThatOfASwitchThatWasMadeAndNeverAGuess() {
    tell(Kind.RELEASE_STARTED, Phase.INITIALIZE, Map.of("origin", "blue", "target", "green"));
    tell(Kind.PHASE_STARTED, Phase.SYNCHRONIZE, Map.of());
    tell(Kind.PHASE_DONE, Phase.SYNCHRONIZE, Map.of());
    tell(Kind.MOVE_STARTED, Phase.CUT_OVER, FORWARD);
    assertThat(back().estimate()).isNull();
    tell(Kind.MOVE_UNDONE, Phase.CUT_OVER, with(FORWARD, "stallMs", "2000"));
    tell(Kind.MOVE_STARTED, Phase.CUT_OVER, FORWARD);
    assertThat(back().estimate()).as("one that was undone").isNull();
    tell(Kind.MOVE_DONE, Phase.CUT_OVER, with(FORWARD, "stallMs", "41"));
    assertThat(back().estimate()).isEqualTo(Duration.ofMillis(41));
  }

  private dev.signalbox.engine.WayBack back() {
    return WayBacks.of(state, new Risk(true, 0, ""), new Lever.Free("", ""));
  }

  private static Map<String, String> with(Map<String, String> data, String key, String value) {
    Map<String, String> more = new java.util.HashMap<>(data);
    more.put(key, value);
    return more;
  }

  private void tell(Kind kind, Phase phase, Map<String, String> data) {
    long number = state.lastSequence() + 1;
    state =
        state.after(
            new EngineEvent(
                number,
                Instant.EPOCH.plusSeconds(number),
                1,
                1,
                "desk",
                kind,
                phase,
                "",
                "",
                data));
  }
}
