package dev.signalbox.engine.strategy.step;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.EngineStatus;
import java.io.IOException;

/// What the steps of this plane share. They run after traffic has moved, so that the stall does not
/// wait for them; what only looks is looked at again and has nothing to take back.
interface StrategyStep extends Step {
  @Override
  default Stage stage() {
    return Stage.VERIFY;
  }

  @Override
  default Reality observe(StepContext context) throws IOException, InterruptedException {
    return Reality.NOT_DONE;
  }

  @Override
  default void undo(StepContext context) throws IOException, InterruptedException {
    // Looking changed nothing.
  }

  default EngineStatus engine(ClusterStatus status, Colour colour) {
    return switch (colour) {
      case BLUE -> status.getBlue();
      case GREEN -> status.getGreen();
    };
  }
}
