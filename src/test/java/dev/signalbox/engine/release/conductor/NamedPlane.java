package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.PlaneView;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.Plane;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.engine.release.model.Risk;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Steps with the names and stages of other steps, which only remember whether they were done.
final class NamedPlane implements Plane {
  private final List<Step> names;
  private final String failing;
  private final Set<String> done = new HashSet<>();

  /// @param failing the step that fails; empty for none
  NamedPlane(List<Step> names, String failing) {
    this.names = List.copyOf(names);
    this.failing = failing;
  }

  @Override
  public String id() {
    return "named";
  }

  @Override
  public void start() {}

  @Override
  public PlaneView view() {
    return new ApplicationView(
        Instant.now(),
        Map.of(),
        new ApplicationView.Router("memory", true, Colour.BLUE, Colour.BLUE, false, 0, Map.of()));
  }

  @Override
  public @Nullable Colour live() {
    return Colour.BLUE;
  }

  @Override
  public List<Gate> gates(Move move, Colour origin) {
    return List.of(new Gate("named.gate", "Gate", () -> Gate.Verdict.open("always")));
  }

  @Override
  public List<Step> steps(Phase phase, Move move, ReleaseInfo release) {
    return phase == Phase.CUT_OVER ? names.stream().<Step>map(Named::new).toList() : List.of();
  }

  private final class Named implements Step {
    private final Step name;

    Named(Step name) {
      this.name = name;
    }

    @Override
    public String id() {
      return name.id();
    }

    @Override
    public String title() {
      return name.id();
    }

    @Override
    public Stage stage() {
      return name.stage();
    }

    @Override
    public Duration timeout() {
      return Duration.ofSeconds(5);
    }

    @Override
    public Reality observe(StepContext context) {
      synchronized (done) {
        return done.contains(id()) ? Reality.DONE : Reality.NOT_DONE;
      }
    }

    @Override
    public String run(StepContext context) {
      if (id().equals(failing)) {
        throw new IllegalStateException("asked to fail");
      }
      synchronized (done) {
        done.add(id());
      }
      return id() + " done";
    }

    @Override
    public void undo(StepContext context) {
      synchronized (done) {
        done.remove(id());
      }
    }
  }

  @Override
  public Risk risk(Move move) {
    return new Risk(true, 0, "nothing would be lost");
  }

  @Override
  public void refresh() {}

  @Override
  public void close() {}
}
