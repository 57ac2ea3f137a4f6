package dev.signalbox.engine.application.step;

import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.application.router.RouterState;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// Lets requests wait at the router, and waits for those that the old stack is still answering.
///
/// Reads may go on there: the old stack keeps running. A write in flight would meet the fence and
/// fail, so the move is given up when one is left after the drain time.
public record HoldStep(Stacks stacks, Move move) implements Step {
  @Override
  public String id() {
    return "application.hold";
  }

  @Override
  public String title() {
    return "Hold requests";
  }

  @Override
  public Stage stage() {
    return Stage.HOLD;
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(3).plus(stacks.drain());
  }

  /// Also done when traffic is where the hold was to help it to.
  @Override
  public Reality observe(StepContext context) throws IOException, InterruptedException {
    RouterState state = stacks.router().state();
    return state.holding() || state.route() == move.to() ? Reality.DONE : Reality.NOT_DONE;
  }

  @Override
  public String run(StepContext context) throws IOException, InterruptedException {
    context.check();
    RouterState state = stacks.router().hold(context.epoch(), stacks.maxHold(), stacks.drain());
    List<RouterState.Request> writes = state.writesOn(move.from());
    // With the operator's word they may be lost: they wait for a database that does not answer.
    if (!writes.isEmpty() && !context.lossAcknowledged()) {
      throw new IOException(
          "Writes that began before the hold are still running after "
              + DurationText.words(stacks.drain())
              + ": "
              + RouterState.list(writes)
              + ". They would fail at the fence. Wait for them to end, then cut over again.");
    }
    return state.drained()
        + " requests finished, "
        + (state.inFlight().isEmpty()
            ? "none is left"
            : "requests that go on at " + move.from() + ": " + RouterState.list(state.inFlight()))
        + "; "
        + state.waiting()
        + " wait";
  }

  @Override
  public void undo(StepContext context) throws IOException, InterruptedException {
    stacks.router().release(context.epoch());
  }
}
