package dev.signalbox.engine.application.step;

import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.application.router.Router;
import dev.signalbox.engine.application.router.RouterRefusedException;
import dev.signalbox.engine.application.router.RouterState;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import java.io.IOException;
import java.time.Duration;

/// Sends traffic to the target and ends the hold, in one command.
public record RouteStep(Stacks stacks, Move move) implements Step {
  @Override
  public String id() {
    return "application.route";
  }

  @Override
  public String title() {
    return "Route to " + move.to();
  }

  @Override
  public Stage stage() {
    return Stage.ROUTE;
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(5);
  }

  @Override
  public Reality observe(StepContext context) throws IOException, InterruptedException {
    RouterState state = stacks.router().state();
    return state.route() == move.to() && !state.holding() ? Reality.DONE : Reality.NOT_DONE;
  }

  @Override
  public String run(StepContext context) throws IOException, InterruptedException {
    context.check();
    long generation = stacks.router().state().generation();
    RouterState state;
    try {
      state = stacks.router().route(context.epoch(), move.to(), generation, true);
    } catch (RouterRefusedException e) {
      // A command of ours whose answer was lost may have come first.
      if (observe(context) == Reality.DONE) {
        stacks.intended().accept(move.to());
        return "The router was on " + move.to() + " already";
      }
      throw e;
    }
    stacks.intended().accept(move.to());
    return "Router at generation " + state.generation() + (holds() ? "; " + waited(state) : "");
  }

  private boolean holds() {
    return stacks.router().can().contains(Router.Can.HOLD);
  }

  private static String waited(RouterState state) {
    return "requests waited at most "
        + DurationText.words(state.held())
        + ", "
        + state.released()
        + " went on"
        + (state.holdExpired() ? "; the hold had ended by itself before" : "");
  }

  /// Leaves a hold standing: the databases are not back yet when this is called. Commands anew even
  /// when the route is right, so that a late command of the abandoned attempt is refused.
  @Override
  public void undo(StepContext context) throws IOException, InterruptedException {
    RouterState now = stacks.router().state();
    if (holds() && now.route() == move.to() && !now.holding()) {
      // The command was obeyed and its answer lost: nobody may reach a side that is still closed.
      now = stacks.router().hold(context.epoch(), stacks.maxHold(), stacks.drain());
    }
    stacks.router().route(context.epoch(), move.from(), now.generation(), false);
    stacks.intended().accept(move.from());
  }
}
