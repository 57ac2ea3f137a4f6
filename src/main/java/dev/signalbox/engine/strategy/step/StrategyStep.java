package dev.signalbox.engine.strategy.step;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.strategy.control.ClusterRefusedException;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.EngineStatus;
import dev.signalbox.engine.timing.Retry;
import java.io.IOException;
import java.time.Duration;

/// What the steps of this plane share. They run after traffic has moved, so that the stall does not
/// wait for them; what only looks is looked at again and has nothing to take back.
interface StrategyStep extends Step {
  int TRIES = 3;
  Duration PAUSE = Duration.ofMillis(250);

  /// A call to the cluster that may be repeated.
  interface Call<T> {
    T make() throws IOException, InterruptedException;
  }

  /// Makes a call again when it got no answer: going back with everything because one was lost
  /// would cost more. Takes at most 7 s.
  static <T> T insist(Call<T> call) throws IOException, InterruptedException {
    return new Retry(TRIES, _ -> PAUSE)
        .<T, IOException>call(call::make, e -> !(e instanceof ClusterRefusedException));
  }

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
