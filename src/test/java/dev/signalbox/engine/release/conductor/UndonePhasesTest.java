package dev.signalbox.engine.release.conductor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView.PhaseView;
import dev.signalbox.engine.ReleaseView.PhaseView.State;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.support.Await;
import java.util.List;
import java.util.Map;
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
    tell(Kind.RELEASE_STARTED, Phase.INITIALIZE, Map.of("origin", "blue", "target", "green"));
    for (Phase phase :
        List.of(Phase.INITIALIZE, Phase.PREPARE, Phase.REPLICATE, Phase.SYNCHRONIZE)) {
      tell(Kind.PHASE_STARTED, phase, Map.of());
      tell(Kind.PHASE_DONE, phase, Map.of());
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
    tell(Kind.GIVE_UP_STARTED, Phase.SYNCHRONIZE, Map.of());
    await(Phase.INITIALIZE, State.UNDOING);
    tell(Kind.HOLDING, Phase.SYNCHRONIZE, Map.of());
    await(Phase.CUT_OVER, State.WAITING);
    assertThat(requireNonNull(engine.snapshot().release()).isGivenUp()).isTrue();
    tell(Kind.RELEASE_ENDED, Phase.SYNCHRONIZE, Map.of("result", "given up"));
    await(Phase.INITIALIZE, State.UNDONE);
    await(Phase.SYNCHRONIZE, State.UNDONE);
  }

  @Test
  void theTargetIsNotWatchedOnTheWayBack() throws Exception {
    tell(Kind.MOVE_STARTED, Phase.CUT_OVER, Map.of("from", "blue", "to", "green"));
    tell(Kind.MOVE_DONE, Phase.CUT_OVER, Map.of("from", "blue", "to", "green"));
    tell(Kind.PHASE_DONE, Phase.WATCH, Map.of());
    await(Phase.WATCH, State.DONE);
    tell(Kind.MOVE_STARTED, Phase.CUT_OVER, Map.of("from", "green", "to", "blue"));
    await(Phase.WATCH, State.UNDOING);
    tell(Kind.MOVE_DONE, Phase.CUT_OVER, Map.of("from", "green", "to", "blue"));
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

  private void tell(Kind kind, Phase phase, Map<String, String> data) {
    journal.append(0, "test", List.of(new Journal.Draft(1, kind, phase, "", "", data)));
  }
}
