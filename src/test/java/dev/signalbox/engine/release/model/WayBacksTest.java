package dev.signalbox.engine.release.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.EventPayload.MoveDone;
import dev.signalbox.engine.EventPayload.MoveStarted;
import dev.signalbox.engine.EventPayload.MoveUndone;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.EventPayload.ReleaseStarted;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WayBacksTest {
  private static final Move FORWARD = Move.to(Colour.GREEN);
  private ReleaseState state = ReleaseState.NONE;

  @Test
  void theTimeIsThatOfASwitchThatWasMadeAndNeverAGuess() {
    tell(new ReleaseStarted("v2", Colour.BLUE, Colour.GREEN), Phase.INITIALIZE);
    tell(Plain.PHASE_STARTED, Phase.SYNCHRONIZE);
    tell(Plain.PHASE_DONE, Phase.SYNCHRONIZE);
    tell(new MoveStarted(FORWARD, false), Phase.CUT_OVER);
    assertThat(back().estimate()).isNull();
    tell(new MoveUndone(FORWARD, Duration.ofSeconds(2), false), Phase.CUT_OVER);
    tell(new MoveStarted(FORWARD, false), Phase.CUT_OVER);
    assertThat(back().estimate()).as("one that was undone").isNull();
    tell(new MoveDone(FORWARD, Duration.ofMillis(41), true), Phase.CUT_OVER);
    assertThat(back().estimate()).isEqualTo(Duration.ofMillis(41));
  }

  private dev.signalbox.engine.WayBack back() {
    return WayBacks.of(state, new Risk(true, 0, ""), new Lever.Free("", ""));
  }

  private void tell(EventPayload payload, Phase phase) {
    long number = state.lastSequence() + 1;
    state =
        state.after(
            new EngineEvent(
                number, Instant.EPOCH.plusSeconds(number), 1, 1, "desk", payload, phase, "", ""));
  }
}
