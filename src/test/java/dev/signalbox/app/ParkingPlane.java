package dev.signalbox.app;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.PlaneView;
import dev.signalbox.engine.release.Plane;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The real plane, whose process may park after each step that requests wait for.
record ParkingPlane(Plane real, Parking parking) implements Plane {
  @Override
  public String id() {
    return real.id();
  }

  @Override
  public void start() {
    real.start();
  }

  @Override
  public PlaneView view() {
    return real.view();
  }

  @Override
  public @Nullable Colour live() {
    return real.live();
  }

  @Override
  public List<GateView> gates(Move move) {
    return real.gates(move);
  }

  @Override
  public List<Step> steps(Phase phase, Move move, ReleaseInfo release) {
    return real.steps(phase, move, release).stream()
        .<Step>map(step -> new ParkingStep(step, parking))
        .toList();
  }

  @Override
  public Risk risk(Move move) {
    return real.risk(move);
  }

  @Override
  public void refresh() {
    real.refresh();
  }

  @Override
  public void driving(long epoch) {
    real.driving(epoch);
  }

  @Override
  public Optional<Outcome> obey(Command.OnPlane command, long epoch) {
    return real.obey(command, epoch);
  }

  @Override
  public String thrownAway(Colour target) {
    return real.thrownAway(target);
  }

  @Override
  public @Nullable String alarm(Colour live) {
    return real.alarm(live);
  }

  @Override
  public void close() {
    real.close();
  }

  private record ParkingStep(Step real, Parking parking) implements Step {
    @Override
    public String id() {
      return real.id();
    }

    @Override
    public String title() {
      return real.title();
    }

    @Override
    public Stage stage() {
      return real.stage();
    }

    @Override
    public Duration timeout() {
      return real.timeout();
    }

    @Override
    public Reality observe(StepContext context) throws Exception {
      parking.gate();
      return real.observe(context);
    }

    @Override
    public String run(StepContext context) throws Exception {
      parking.gate();
      String evidence = real.run(context);
      if (stage().compareTo(Stage.HOLD) >= 0 && stage().compareTo(Stage.VERIFY) < 0) {
        parking.passed("STEP " + id());
      }
      return evidence;
    }

    @Override
    public void undo(StepContext context) throws Exception {
      parking.gate();
      real.undo(context);
    }
  }
}
