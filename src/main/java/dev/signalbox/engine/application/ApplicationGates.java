package dev.signalbox.engine.application;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.GateView.State;
import dev.signalbox.engine.Health;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.application.health.HealthMonitor;
import dev.signalbox.engine.application.router.RouterState;
import dev.signalbox.engine.application.step.Stacks;
import java.util.ArrayList;
import java.util.List;

/// What must hold of router and stacks before a move, from what was last seen. Thread-safe.
///
/// The stack that a move leads to must be healthy and say its name, because the move is proven by
/// these. The stack that a release leaves must be so too, because the way back leads to it. The way
/// back itself does not ask for that: a stack that fails is the reason to leave it.
record ApplicationGates(Stacks stacks, ApplicationPlane.Sight sight, Move move) {
  /// @param back whether the move leads to the stack that the release began on
  List<GateView> all(boolean back) {
    List<GateView> gates = new ArrayList<>();
    gates.add(router());
    addStack(gates, "target", move.to(), "Look at its log.");
    if (!back) {
      addStack(gates, "source", move.from(), "Without it there is no way back.");
    }
    return gates;
  }

  private void addStack(List<GateView> gates, String role, Colour colour, String advice) {
    gates.add(healthy(role, colour, advice));
    gates.add(named(role, colour));
  }

  /// What keeps traffic from being moved to a stack; empty when nothing does. One odd check is not
  /// enough, and a console that has just begun need not see `rise` good ones first: the move's own
  /// steps ask the stack again.
  String obstacle() {
    RouterState state = sight.state();
    if (state == null) {
      return "Traffic cannot be moved now. " + sight.problem();
    }
    if (sight.old()) {
      return "Traffic cannot be moved now: the router has not answered for "
          + sight.seconds()
          + " s.";
    }
    Colour to = move.to();
    HealthMonitor.Report report = stacks.monitor(to).report();
    boolean begun = report.health() == Health.UNKNOWN && report.streak() > 0;
    if (!report.fresh() || !(report.health() == Health.HEALTHY || begun)) {
      return "There is no healthy "
          + to
          + " stack to go to: "
          + healthy("target", to, "Look at its log.").evidence();
    }
    GateView gate = named("target", to);
    return gate.state() == State.OPEN ? "" : "Traffic cannot go to " + to + ": " + gate.evidence();
  }

  private GateView router() {
    RouterState state = sight.state();
    String id = "application.router";
    String title = "Router on " + move.from().title();
    if (state == null) {
      return new GateView(id, title, sight.asked() ? State.CLOSED : State.PENDING, sight.problem());
    }
    if (sight.old()) {
      return new GateView(
          id, title, State.PENDING, "It has not answered for " + sight.seconds() + " s.");
    }
    if (state.route() != move.from()) {
      return new GateView(
          id, title, State.CLOSED, "Traffic goes to " + state.route() + " already.");
    }
    if (state.holding()) {
      return new GateView(id, title, State.PENDING, state.waiting() + " requests are held");
    }
    return new GateView(id, title, State.OPEN, "Reachable, generation " + state.generation());
  }

  private GateView healthy(String role, Colour colour, String advice) {
    String id = "application." + role;
    String title = colour.title() + " healthy";
    HealthMonitor.Report report = stacks.monitor(colour).report();
    int rise = stacks.settings().health().rise();
    if (!report.fresh()) {
      return notSeen(id, title, colour);
    }
    String row = report.streak() + " good checks in a row";
    return switch (report.health()) {
      case HEALTHY ->
          report.streak() >= rise
              ? new GateView(id, title, State.OPEN, row)
              : new GateView(id, title, State.PENDING, row + ", " + rise + " are wanted");
      case UNKNOWN -> new GateView(id, title, State.PENDING, row + ", " + rise + " are wanted");
      case UNHEALTHY, ABSENT ->
          new GateView(
              id,
              title,
              State.CLOSED,
              report.endpoints().stream()
                  .map(ApplicationView.Endpoint::detail)
                  .filter(detail -> !detail.isEmpty())
                  .findFirst()
                  .map(detail -> colour + ": " + detail + ". " + advice)
                  .orElse(colour + " recovers: " + row));
    };
  }

  private static GateView notSeen(String id, String title, Colour colour) {
    return new GateView(id, title, State.PENDING, colour + " was not looked at lately");
  }

  /// A move is proven by the name in the answers.
  private GateView named(String role, Colour colour) {
    String id = "application." + role + "-name";
    String title = colour.title() + " says its name";
    HealthMonitor.Report report = stacks.monitor(colour).report();
    if (!report.fresh()) {
      return notSeen(id, title, colour);
    }
    if (report.names().contains(colour.other())) {
      return new GateView(
          id,
          title,
          State.CLOSED,
          "An address of "
              + colour
              + " answers as "
              + colour.other()
              + " in X-Signalbox-Stack. Correct the addresses of the stacks, or what "
              + colour
              + " was started with.");
    }
    if (!report.named()) {
      boolean answers = report.health() == Health.HEALTHY;
      return new GateView(
          id,
          title,
          answers ? State.CLOSED : State.PENDING,
          answers
              ? "Not every address of " + colour + " says '" + colour + "' in X-Signalbox-Stack."
              : "not known while " + colour + " does not answer well");
    }
    return new GateView(id, title, State.OPEN, "Every address answers as " + colour);
  }
}
