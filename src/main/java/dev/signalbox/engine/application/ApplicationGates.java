package dev.signalbox.engine.application;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.GateView.State;
import dev.signalbox.engine.Health;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.application.health.HealthMonitor;
import dev.signalbox.engine.application.router.Router;
import dev.signalbox.engine.application.router.RouterState;
import dev.signalbox.engine.application.step.Stacks;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.Gate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// What must hold of router and stacks before a move, from what was last seen. Thread-safe.
///
/// To add a gate: a method that gives its verdict, and a line in [#all].
///
/// The stack that a move leads to must be healthy and say its name, because the move is proven by
/// these. The stack that a release leaves must be so too, because the way back leads to it. The way
/// back itself does not ask for that: a stack that fails is the reason to leave it.
///
/// @param mustHold whether requests must wait during a move, because a database moves as well
record ApplicationGates(Stacks stacks, ApplicationPlane.Sight sight, Move move, boolean mustHold) {
  /// @param back whether the move leads to the stack that the release began on
  List<Gate> all(boolean back) {
    List<Gate> gates = new ArrayList<>();
    gates.add(gate("router", "Router on " + move.from().title(), this::router));
    for (Router.Can lacked : stacks.router().lacks()) {
      gates.add(lacked(lacked));
    }
    addStack(gates, "target", move.to(), "Look at its log.");
    if (!back) {
      addStack(gates, "source", move.from(), "Without it there is no way back.");
    }
    return gates;
  }

  private void addStack(List<Gate> gates, String role, Colour colour, String advice) {
    gates.add(gate(role, colour.title() + " healthy", () -> healthy(colour, advice)));
    gates.add(gate(role + "-name", colour.title() + " says its name", () -> named(colour)));
  }

  private static Gate gate(String id, String title, Supplier<Verdict> verdict) {
    return new Gate("application." + id, title, verdict);
  }

  /// What the router cannot do changes what a move does, and is never left unsaid.
  private Gate lacked(Router.Can can) {
    String id = "router-" + can.name().toLowerCase(Locale.ROOT);
    String cannot = "The " + stacks.router().kind() + " router cannot " + can.verb() + ": ";
    return gate(
        id,
        "Router can " + can.verb(),
        () ->
            switch (can) {
              case HOLD ->
                  mustHold
                      ? Verdict.closed(
                          cannot
                              + "writes would fail while no database takes them. Use a router that"
                              + " can, or release the application without a database")
                      : Verdict.open(cannot + "none has to wait, because no database moves");
              case COUNT ->
                  Verdict.open(cannot + "arrival is proven by the name in the answers alone");
              case WARM -> Verdict.open(cannot + "only the console warms it up");
            });
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
          + healthy(to, "Look at its log.").evidence();
    }
    Verdict name = named(to);
    return name.state() == State.OPEN ? "" : "Traffic cannot go to " + to + ": " + name.evidence();
  }

  private Verdict router() {
    RouterState state = sight.state();
    if (state == null) {
      return sight.asked() ? Verdict.closed(sight.problem()) : Verdict.pending(sight.problem());
    }
    if (sight.old()) {
      return Verdict.pending("It has not answered for " + sight.seconds() + " s.");
    }
    if (state.route() != move.from()) {
      return Verdict.closed("Traffic goes to " + state.route() + " already.");
    }
    return state.holding()
        ? Verdict.pending(state.waiting() + " requests are held")
        : Verdict.open("Reachable, generation " + state.generation());
  }

  private Verdict healthy(Colour colour, String advice) {
    HealthMonitor.Report report = stacks.monitor(colour).report();
    int rise = stacks.settings().health().rise();
    if (!report.fresh()) {
      return notSeen(colour);
    }
    String row = report.streak() + " good checks in a row";
    return switch (report.health()) {
      case HEALTHY ->
          report.streak() >= rise
              ? Verdict.open(row)
              : Verdict.pending(row + ", " + rise + " are wanted");
      case UNKNOWN -> Verdict.pending(row + ", " + rise + " are wanted");
      case UNHEALTHY, ABSENT ->
          Verdict.closed(
              report.endpoints().stream()
                  .map(ApplicationView.Endpoint::detail)
                  .filter(detail -> !detail.isEmpty())
                  .findFirst()
                  .map(detail -> colour + ": " + detail + ". " + advice)
                  .orElse(colour + " recovers: " + row));
    };
  }

  private static Verdict notSeen(Colour colour) {
    return Verdict.pending(colour + " was not looked at lately");
  }

  /// A move is proven by the name in the answers.
  private Verdict named(Colour colour) {
    HealthMonitor.Report report = stacks.monitor(colour).report();
    if (!report.fresh()) {
      return notSeen(colour);
    }
    if (report.names().contains(colour.other())) {
      return Verdict.closed(
          "An address of "
              + colour
              + " answers as "
              + colour.other()
              + " in X-Signalbox-Stack. Correct the addresses of the stacks, or what "
              + colour
              + " was started with.");
    }
    if (!report.named()) {
      return report.health() == Health.HEALTHY
          ? Verdict.closed(
              "Not every address of " + colour + " says '" + colour + "' in X-Signalbox-Stack.")
          : Verdict.pending("not known while " + colour + " does not answer well");
    }
    return Verdict.open("Every address answers as " + colour);
  }
}
