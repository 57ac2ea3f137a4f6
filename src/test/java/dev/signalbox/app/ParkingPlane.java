package dev.signalbox.app;

import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.Plane;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.conductor.ChangedPlane;
import dev.signalbox.engine.release.conductor.ChangedStep;
import dev.signalbox.engine.release.model.ReleaseInfo;
import java.util.List;

/// The real plane, whose process may park after each step that requests wait for.
final class ParkingPlane extends ChangedPlane {
  private final Parking parking;

  ParkingPlane(Plane real, Parking parking) {
    super(real);
    this.parking = parking;
  }

  @Override
  public List<Step> steps(Phase phase, Move move, ReleaseInfo release) {
    return super.steps(phase, move, release).stream()
        .<Step>map(step -> new ParkingStep(step, parking))
        .toList();
  }

  private static final class ParkingStep extends ChangedStep {
    private final Parking parking;

    ParkingStep(Step real, Parking parking) {
      super(real);
      this.parking = parking;
    }

    @Override
    public Reality observe(StepContext context) throws Exception {
      parking.gate();
      return super.observe(context);
    }

    @Override
    public String run(StepContext context) throws Exception {
      parking.gate();
      String evidence = super.run(context);
      if (stage().compareTo(Stage.HOLD) >= 0 && stage().compareTo(Stage.VERIFY) < 0) {
        parking.passed("STEP " + id());
      }
      return evidence;
    }

    @Override
    public void undo(StepContext context) throws Exception {
      parking.gate();
      super.undo(context);
    }
  }
}
