package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.conductor.SimFaults.Fault;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A step that may fail, hang, act late, lose its answer or be its console's last one.
record SimStep(SimConsole console, String id, Stage stage, See done, Act act, Act back)
    implements Step {
  private static final Logger LOG = LoggerFactory.getLogger(SimStep.class);

  interface Act {
    void on(StepContext context);
  }

  interface See {
    boolean on(StepContext context);
  }

  @Override
  public String title() {
    return id;
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(2);
  }

  @Override
  public Reality observe(StepContext context) {
    Fault fault = console.faults().at("look at " + id, Fault.FAILS, Fault.HANGS);
    if (fault == Fault.FAILS) {
      throw new IllegalStateException("cannot be seen");
    } else if (fault == Fault.HANGS) {
      throw new SimExecution.Hang(null);
    }
    return done.on(context) ? Reality.DONE : Reality.NOT_DONE;
  }

  @Override
  public String run(StepContext context) {
    act("run " + id, act, context);
    console.trace().done(this, CutoverModel.Act.RUN, context, console.world().epoch());
    return id + " done";
  }

  @Override
  public void undo(StepContext context) {
    // What could not be undone was to be: the release holds then, with what is left.
    console.trace().done(this, CutoverModel.Act.UNDO, context, console.world().epoch());
    act("undo " + id, back, context);
  }

  private void act(String place, Act what, StepContext context) {
    if (context.move().equals(console.world().accepted())
        && !context.lossAcknowledged()
        && context.epoch() == console.world().epoch()
        && stage != Stage.WORK) {
      console.world().violated("it is forgotten that an operator accepted a loss");
    }
    Fault fault =
        console
            .faults()
            .at(
                place,
                Fault.FAILS,
                Fault.ANSWER_LOST,
                Fault.HANGS,
                Fault.ACTS_LATE,
                Fault.DIES_BEFORE,
                Fault.DIES_AFTER);
    switch (fault) {
      case null -> what.on(context);
      case FAILS -> throw new IllegalStateException("as drawn");
      case ANSWER_LOST -> {
        what.on(context);
        throw new IllegalStateException("its answer was lost");
      }
      case HANGS -> throw new SimExecution.Hang(null);
      case ACTS_LATE -> throw new SimExecution.Hang(() -> late(what, context));
      case COMMITS_LATE -> throw new AssertionError("a step is no COMMIT");
      case DIES_BEFORE -> console.dies();
      case DIES_AFTER -> {
        what.on(context);
        console.dies();
      }
    }
  }

  /// What it does when nobody waits any more is refused like anything else that comes late.
  private static void late(Act act, StepContext context) {
    try {
      act.on(context);
    } catch (RuntimeException e) {
      LOG.trace("refused when it came late", e);
    }
  }
}
