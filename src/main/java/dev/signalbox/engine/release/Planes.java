package dev.signalbox.engine.release;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
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
  List<Step> steps(Phase phase, Move move, Plane.ReleaseInfo release) {
    List<Step> steps = new ArrayList<>();
    for (Plane plane : all) {
      steps.addAll(plane.steps(phase, move, release));
    }
    steps.sort(Comparator.comparing(Step::stage));
    return steps;
  }

  List<GateView> gates(Move move) {
    return all.stream().flatMap(p -> p.gates(move).stream()).toList();
  }

  /// What a move would lose, over all planes.
  Plane.Risk risk(Move move) {
    long writes = 0;
    StringBuilder evidence = new StringBuilder();
    boolean possible = true;
    for (Plane plane : all) {
      Plane.Risk risk = plane.risk(move);
      possible &= risk.possible();
      writes = writes < 0 || risk.writes() < 0 ? -1 : writes + risk.writes();
      if (!risk.evidence().isEmpty()) {
        evidence.append(evidence.isEmpty() ? "" : " ").append(risk.evidence());
      }
    }
    return new Plane.Risk(possible, writes, evidence.toString());
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

  /// @param plane its id
  /// @param live the stack that it sees in use; empty when none, both or not known
  record Sighting(String plane, Optional<Colour> live) {
    @Override
    public String toString() {
      return plane + " " + live.map(Colour::toString).orElse("not known");
    }

    /// For example `database BLUE, application not known`.
    static String list(List<Sighting> sightings) {
      return sightings.stream().map(Sighting::toString).collect(Collectors.joining(", "));
    }

    /// Why it is not seen everywhere that a stack is live; empty when it is.
    static Optional<String> objection(List<Sighting> sightings, Colour stack) {
      return sightings.stream().allMatch(s -> s.live().equals(Optional.of(stack)))
          ? Optional.empty()
          : Optional.of(
              "It is not seen everywhere that " + stack + " is live: " + list(sightings) + ".");
    }

    /// The one stack that is seen; empty when they differ or none is seen.
    static Optional<Colour> agreed(List<Sighting> sightings) {
      List<Colour> seen = sightings.stream().flatMap(s -> s.live().stream()).distinct().toList();
      return seen.size() == 1 ? Optional.of(seen.getFirst()) : Optional.empty();
    }
  }
}
