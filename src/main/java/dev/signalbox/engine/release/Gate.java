package dev.signalbox.engine.release;

import dev.signalbox.engine.GateView;
import dev.signalbox.engine.GateView.State;
import java.util.List;
import java.util.function.Supplier;

/// A condition that must hold before a move. A plane names its gates; each decides from what the
/// plane last saw, at once.
///
/// @param id stable: plane, dot, noun, for example `database.lag`
/// @param title a few words
/// @param verdict may be asked from any thread, and again
public record Gate(String id, String title, Supplier<Verdict> verdict) {
  /// @param evidence what was seen, with units; for a closed gate also what to do
  public record Verdict(State state, String evidence) {
    public static Verdict open(String evidence) {
      return new Verdict(State.OPEN, evidence);
    }

    /// It has not been proven yet, or cannot be decided now.
    public static Verdict pending(String evidence) {
      return new Verdict(State.PENDING, evidence);
    }

    public static Verdict closed(String evidence) {
      return new Verdict(State.CLOSED, evidence);
    }
  }

  /// As it stands now.
  public GateView view() {
    Verdict now = verdict.get();
    return new GateView(id, title, now.state(), now.evidence());
  }

  /// As they stand now.
  public static List<GateView> views(List<Gate> gates) {
    return gates.stream().map(Gate::view).toList();
  }
}
