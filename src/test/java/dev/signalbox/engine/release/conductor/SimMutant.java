package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.journal.SimClient;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Plane;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.model.Levers;
import dev.signalbox.engine.release.model.Observed;
import dev.signalbox.engine.release.model.ReleaseState;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// A change of the conductor at its seams: a fault put back. This one changes nothing.
class SimMutant {
  static final SimMutant NONE = new SimMutant("none");

  private final String name;

  SimMutant(String name) {
    this.name = name;
  }

  final String name() {
    return name;
  }

  Step step(Step real) {
    return real;
  }

  /// @param journal what the plane's console knows of the release
  Plane plane(Plane real, Supplier<ReleaseState> journal) {
    return real;
  }

  /// @param epoch that the console drives under
  Execution execution(Execution real, LongSupplier epoch) {
    return real;
  }

  Journal journal(Journal real) {
    return real;
  }

  SimClient.Flaw flaw() {
    return SimClient.Flaw.NONE;
  }

  ReleaseState after(ReleaseState state, EngineEvent event) {
    return state.after(event);
  }

  Map<LeverId, Lever> levers(ReleaseState state, Observed seen) {
    return Levers.of(state, seen);
  }

  /// Where something goes wrong more often than not, so that what is rare is found soon.
  Set<String> often() {
    return Set.of();
  }

  /// Whether what decides a move is read when nothing can commit behind the look.
  boolean settled() {
    return true;
  }

  /// Whether the conductor looks at the clock.
  boolean ticks() {
    return true;
  }
}
