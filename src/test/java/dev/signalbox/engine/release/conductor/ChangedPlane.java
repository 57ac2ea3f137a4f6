package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.PlaneView;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.Plane;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.engine.release.model.Risk;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A plane that is as another one but for what a subclass overrides.
public class ChangedPlane implements Plane {
  private final Plane real;

  public ChangedPlane(Plane real) {
    this.real = real;
  }

  @Override
  public @Nullable Colour live() {
    return real.live();
  }

  @Override
  public Optional<String> astray(Colour live) {
    return real.astray(live);
  }

  @Override
  public void mend(Colour live, StepContext context) throws Exception {
    real.mend(live, context);
  }

  @Override
  public Optional<String> silent(Colour side) {
    return real.silent(side);
  }

  @Override
  public String thrownAway(Colour target) {
    return real.thrownAway(target);
  }

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
  public List<Gate> gates(Move move, Colour origin) {
    return real.gates(move, origin);
  }

  @Override
  public List<Step> steps(Phase phase, Move move, ReleaseInfo release) {
    return real.steps(phase, move, release);
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
  public @Nullable String alarm(Colour live) {
    return real.alarm(live);
  }

  @Override
  public void close() {
    real.close();
  }
}
