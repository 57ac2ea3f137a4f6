package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.Plane;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.Observed;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.engine.release.model.ReleaseState;
import dev.signalbox.engine.release.model.Risk;
import dev.signalbox.engine.release.model.Sighting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All planes of an environment as one. Thread-safe.
record Planes(List<Plane> all) {
  Planes {
    all = List.copyOf(all);
  }

  /// The steps of all planes, stage by stage; within a stage in the order of the planes.
  List<Step> steps(Phase phase, Move move, ReleaseInfo release) {
    List<Step> steps = new ArrayList<>();
    for (Plane plane : all) {
      steps.addAll(plane.steps(phase, move, release));
    }
    steps.sort(Comparator.comparing(Step::stage));
    return steps;
  }

  List<GateView> gates(Move move, Colour origin) {
    return all.stream().flatMap(p -> p.gates(move, origin).stream()).map(Gate::view).toList();
  }

  /// What a move would lose, over all planes.
  Risk risk(Move move) {
    long writes = 0;
    StringBuilder evidence = new StringBuilder();
    boolean possible = true;
    for (Plane plane : all) {
      Risk risk = plane.risk(move);
      possible &= risk.possible();
      writes = writes < 0 || risk.writes() < 0 ? -1 : writes + risk.writes();
      if (!risk.evidence().isEmpty()) {
        evidence.append(evidence.isEmpty() ? "" : " ").append(risk.evidence());
      }
    }
    return new Risk(possible, writes, evidence.toString());
  }

  /// What giving a release up would throw away on its target; empty when no plane says.
  String thrownAway(Colour target) {
    return all.stream()
        .map(plane -> plane.thrownAway(target))
        .filter(words -> !words.isEmpty())
        .collect(Collectors.joining(", "));
  }

  /// Why the database of a side does not answer; empty when it does, or there is none.
  Optional<String> silent(Colour side) {
    return all.stream().flatMap(plane -> plane.silent(side).stream()).findFirst();
  }

  /// What each plane saw in use when it last looked.
  List<Sighting> sightings() {
    return all.stream().map(p -> new Sighting(p.id(), Optional.ofNullable(p.live()))).toList();
  }

  /// What is in use beside `live`, as a sentence; empty when nothing is. Only when no plane sees
  /// the other side alone in use: then it is not known which one is wrong.
  Optional<String> astray(Colour live) {
    boolean doubtful =
        sightings().stream().anyMatch(s -> s.live().equals(Optional.of(live.other())));
    return doubtful
        ? Optional.empty()
        : all.stream().flatMap(plane -> plane.astray(live).stream()).findFirst();
  }

  /// Ends what [#astray] tells.
  void mend(Colour live, StepContext context) throws Exception {
    for (Plane plane : all) {
      if (plane.astray(live).isPresent()) {
        plane.mend(live, context);
      }
    }
  }

  /// Looks now, so it takes as long as the planes' timeouts.
  void refresh() {
    all.forEach(Plane::refresh);
  }

  /// Why traffic should not stay on `live`; null when nothing is wrong. Only what was seen several
  /// times in a row.
  @Nullable String alarm(Colour live) {
    for (Plane plane : all) {
      String alarm = plane.alarm(live);
      if (alarm != null) {
        return alarm;
      }
    }
    return null;
  }

  void driving(long epoch) {
    all.forEach(plane -> plane.driving(epoch));
  }

  /// What levers are judged by, from what every plane saw last.
  Observed observed(
      String environment,
      boolean journalRead,
      Observed.Driver driver,
      Optional<Observed.Activity> activity,
      ReleaseState state) {
    return new Observed(
        environment,
        journalRead,
        driver,
        activity,
        state.active() ? gates(state.nextMove(), state.origin()) : List.of(),
        sightings(),
        risk(new Move(state.target(), state.origin())),
        state.active() && state.moveUnderWay() == null ? astray(state.live()) : Optional.empty(),
        state.active() ? silent(state.live().other()) : Optional.empty(),
        state.active() ? thrownAway(state.target()) : "");
  }
}
