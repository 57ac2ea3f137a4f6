package dev.signalbox.engine.release.conductor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.EventPayload.MoveDone;
import dev.signalbox.engine.EventPayload.MoveStarted;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.EventPayload.ReleaseEnded;
import dev.signalbox.engine.EventPayload.ReleaseStarted;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView.PhaseView;
import dev.signalbox.engine.ReleaseView.PhaseView.State;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.support.Await;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A phase is not called done once what it did is undone, or is being undone.
@Timeout(60)
class UndonePhasesTest {
  private final MemoryJournal journal = new MemoryJournal();
  private final ReleaseEngine engine =
      new ReleaseEngine(
          ConductorTest.ENVIRONMENT,
          List.of(new NamedPlane(List.of(), "")),
          journal,
          journal,
          "console",
          ReleaseEngine.Role.LOOK_ON);

  @BeforeEach
  void start() {
    tell(new ReleaseStarted("v2", Colour.BLUE, Colour.GREEN), Phase.INITIALIZE);
    for (Phase phase :
        List.of(Phase.INITIALIZE, Phase.PREPARE, Phase.REPLICATE, Phase.SYNCHRONIZE)) {
      tell(Plain.PHASE_STARTED, phase);
      tell(Plain.PHASE_DONE, phase);
    }
    engine.start();
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void givingUpTakesTheTicksAway() throws Exception {
    await(Phase.INITIALIZE, State.DONE);
    tell(Plain.GIVE_UP_STARTED, Phase.SYNCHRONIZE);
    await(Phase.INITIALIZE, State.UNDOING);
    tell(Plain.HOLDING, Phase.SYNCHRONIZE);
    await(Phase.CUT_OVER, State.WAITING);
    assertThat(requireNonNull(engine.snapshot().release()).isGivenUp()).isTrue();
    tell(new ReleaseEnded(false), Phase.SYNCHRONIZE);
    await(Phase.INITIALIZE, State.UNDONE);
    await(Phase.SYNCHRONIZE, State.UNDONE);
  }

  @Test
  void theTargetIsNotWatchedOnTheWayBack() throws Exception {
    tell(new MoveStarted(Move.to(Colour.GREEN), false), Phase.CUT_OVER);
    tell(new MoveDone(Move.to(Colour.GREEN), null, true), Phase.CUT_OVER);
    tell(Plain.PHASE_DONE, Phase.WATCH);
    await(Phase.WATCH, State.DONE);
    tell(new MoveStarted(Move.to(Colour.BLUE), false), Phase.CUT_OVER);
    await(Phase.WATCH, State.UNDOING);
    tell(new MoveDone(Move.to(Colour.BLUE), null, true), Phase.CUT_OVER);
    await(Phase.WATCH, State.WAITING);
  }

  private void await(Phase phase, State state) throws InterruptedException {
    Await.until(phase + " is " + state, () -> of(phase) == state);
  }

  private State of(Phase phase) {
    var release = engine.snapshot().release();
    return release == null
        ? State.WAITING
        : release.phases().stream()
            .filter(each -> each.phase() == phase)
            .map(PhaseView::state)
            .findFirst()
            .orElseThrow();
  }

  private void tell(EventPayload payload, Phase phase) {
    journal.append(0, "test", List.of(new Journal.Draft(1, payload, phase, "", "")));
  }
}
