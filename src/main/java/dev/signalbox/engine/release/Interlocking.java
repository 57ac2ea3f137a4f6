package dev.signalbox.engine.release;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.ReleaseState.Mode;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Says which lever may be pulled, and why not. Asks planes only for what they have seen already,
/// so it answers at once. Thread-safe.
///
/// @param epoch that this console drives under; 0 when it does not
/// @param underWay title of the activity; null when there is none
record Interlocking(
    List<Plane> planes,
    Recorder recorder,
    LongSupplier epoch,
    Supplier<@Nullable String> underWay) {
  /// Why 'cut over' is locked; empty when it may be pulled.
  String locked() {
    ReleaseState state = recorder.state();
    String activity = underWay.get();
    if (epoch.getAsLong() == 0) {
      return "this console does not drive";
    } else if (!state.active()) {
      return "no release is under way";
    } else if (state.mode() instanceof Mode.Undoing) {
      return "the release is being undone";
    } else if (activity != null && state.synchronizedBefore()) {
      return "'" + activity + "' is under way";
    } else if (state.moveUnderWay() != null) {
      return "a switch is neither done nor undone: resume, or roll back";
    } else if (!state.synchronizedBefore()) {
      return state.mode() instanceof Mode.Holding holding
          ? holding.reason()
          : "the stacks are not in step yet";
    } else if (state.live() == state.target()) {
      return state.target() + " is live already";
    }
    for (GateView gate : gates(state)) {
      if (gate.state() != GateView.State.OPEN) {
        return gate.title() + ": " + gate.evidence();
      }
    }
    return "";
  }

  /// The gates of the next move: after the cutover those of the way back.
  List<GateView> gates(ReleaseState state) {
    if (!state.active()) {
      return List.of();
    }
    Move move = state.nextMove();
    return planes.stream().flatMap(p -> p.gates(move).stream()).toList();
  }

  /// What a move would lose, over all planes.
  Plane.Risk risk(Move move) {
    long writes = 0;
    StringBuilder evidence = new StringBuilder();
    boolean possible = true;
    for (Plane plane : planes) {
      Plane.Risk risk = plane.risk(move);
      possible &= risk.possible();
      writes = writes < 0 || risk.writes() < 0 ? -1 : writes + risk.writes();
      if (!risk.evidence().isEmpty()) {
        evidence.append(evidence.isEmpty() ? "" : " ").append(risk.evidence());
      }
    }
    return new Plane.Risk(possible, writes, evidence.toString());
  }

  /// Before a release the databases may not know yet which of them is live: the router decides.
  /// Looks now, so it takes as long as the planes' timeouts.
  @Nullable Colour liveBeforeRelease() {
    Colour seen = null;
    for (Plane plane : planes) {
      plane.refresh();
      Colour colour = plane.live();
      if (colour != null && seen != null && colour != seen) {
        return null;
      }
      seen = colour == null ? seen : colour;
    }
    return seen;
  }

  /// What each plane sees in use, for example `database blue, application not known`.
  String sightings() {
    return planes.stream()
        .map(plane -> {
          Colour colour = plane.live();
          return plane.id() + " " + (colour == null ? "not known" : colour);
        })
        .collect(Collectors.joining(", "));
  }
}
