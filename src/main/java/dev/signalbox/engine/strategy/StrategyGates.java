package dev.signalbox.engine.strategy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.GateView.State;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.EngineStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What must hold of the query cluster before a move. Thread-safe; answers from what was last seen.
///
/// The engine that a move leads to must answer, and be on the database of its stack. So must the
/// engine that a release leaves, because the way back leads to it; the way back itself does not ask
/// for that.
///
/// @param systems the system identifier of each stack's database, as the console sees it; null when
///   no database moves with the cluster
record StrategyGates(ClusterWatch watch, @Nullable Function<Colour, Optional<String>> systems) {
  /// Up to one in so many clients may be silent, and always one: in a large fleet somebody is being
  /// restarted all the time.
  private static final int TOLERATED = 10;

  /// The protocol that this console speaks with clusters.
  static final int PROTOCOL = 1;

  /// @param origin the stack that the release began on
  List<Gate> of(Move move, Colour origin) {
    ClusterWatch.Sight seen = watch.sight();
    StrategyView view = seen.view();
    ClusterStatus status = seen.status();
    if (status == null) {
      boolean asked = view.at().isAfter(Instant.EPOCH);
      return List.of(cluster(asked ? State.CLOSED : State.PENDING, move, view.problem()));
    }
    if (watch.old(seen)) {
      Duration age = Duration.between(view.at(), Instant.now());
      return List.of(
          cluster(State.PENDING, move, "It was not seen for " + DurationText.words(age) + "."));
    }
    boolean back = move.to() == origin;
    List<Gate> gates = new ArrayList<>();
    gates.add(onSource(move, view, status.getEpoch()));
    gates.add(answers("strategy.target", move.to(), view));
    if (!back) {
      gates.add(answers("strategy.source", move.from(), view));
    }
    gates.add(versions(status, back ? List.of(move.to()) : List.of(Colour.values())));
    gates.add(
        clients(view.fleet(), view.engines().values().stream().mapToInt(e -> e.sessions()).sum()));
    return List.copyOf(gates);
  }

  private static Gate cluster(State state, Move move, String evidence) {
    return gate("strategy.cluster", "Cluster on " + title(move.from()), state, evidence);
  }

  private Gate onSource(Move move, StrategyView view, long obeyed) {
    if (view.suspended()) {
      return cluster(State.CLOSED, move, "It is suspended. Resume it first.");
    }
    long ours = watch.epoch();
    if (ours != 0 && obeyed > ours) {
      return cluster(
          State.CLOSED,
          move,
          "It obeys epoch "
              + obeyed
              + " and would refuse this console, which has "
              + ours
              + ". Another console commands it, or it was set up with other databases.");
    }
    if (view.live() == null) {
      return cluster(State.CLOSED, move, "It does not say which stack is live.");
    }
    if (view.live() != move.from() && view.announced() != move.from()) {
      return cluster(State.CLOSED, move, view.live() + " is live already.");
    }
    return cluster(
        State.OPEN,
        move,
        view.announced() == null
            ? "Live on " + view.live()
            : view.announced() + " is announced, queries on " + view.live() + " end");
  }

  private static Gate answers(String id, Colour colour, StrategyView view) {
    StrategyView.Engine engine = java.util.Objects.requireNonNull(view.engines().get(colour));
    String title = title(colour) + " engine answers";
    return engine.reachable()
        ? gate(id, title, State.OPEN, "PostgreSQL " + engine.serverVersion())
        : gate(
            id,
            title,
            State.CLOSED,
            engine.problem().isEmpty() ? "It does not, and says no reason." : engine.problem());
  }

  /// The cluster speaks our protocol, and its engines are on the databases that this console moves.
  private Gate versions(ClusterStatus status, List<Colour> colours) {
    String id = "strategy.versions";
    String title = "Engines agree";
    if (status.getProtocolVersion() != PROTOCOL) {
      return gate(
          id,
          title,
          State.CLOSED,
          "The cluster speaks protocol "
              + status.getProtocolVersion()
              + ", this console "
              + PROTOCOL
              + ". Use the same version of Signalbox for both.");
    }
    for (Colour colour : colours) {
      EngineStatus engine = StrategyViews.engine(status, colour);
      if (systems == null) {
        break;
      }
      Optional<String> expected = systems.apply(colour);
      if (expected.isEmpty() || !engine.getReachable()) {
        return gate(
            id, title, State.PENDING, "Which database " + colour + " has is not known yet.");
      }
      if (!expected.get().equals(engine.getSystemIdentifier())) {
        return gate(
            id,
            title,
            State.CLOSED,
            "The cluster's "
                + colour
                + " engine is on system "
                + engine.getSystemIdentifier()
                + ", the console's "
                + colour
                + " database is "
                + expected.get()
                + ". Correct one of the two configurations.");
      }
    }
    return gate(
        id,
        title,
        State.OPEN,
        "Protocol "
            + PROTOCOL
            + (systems == null
                ? ""
                : (colours.size() > 1 ? ", both on the databases" : ", on its database")
                    + " of this environment"));
  }

  private static Gate clients(StrategyView.Fleet fleet, int sessions) {
    String id = "strategy.clients";
    String title = "Clients reachable";
    if (fleet.clients() == 0) {
      return gate(id, title, State.OPEN, "None reports; " + sessions + " sessions are open");
    }
    String silent = fleet.silent() + " of " + fleet.clients() + " did not report for 5 s";
    if (fleet.silent() > Math.max(1, fleet.clients() / TOLERATED)) {
      return gate(id, title, State.PENDING, silent);
    }
    return gate(
        id,
        title,
        State.OPEN,
        fleet.silent() == 0
            ? "All " + fleet.clients() + " that report did so lately"
            : silent + "; few enough to have been ended or restarted");
  }

  /// From one look at the cluster: all gates of a list agree.
  private static Gate gate(String id, String title, State state, String evidence) {
    return new Gate(id, title, () -> new Gate.Verdict(state, evidence));
  }

  private static String title(Colour colour) {
    return switch (colour) {
      case BLUE -> "Blue";
      case GREEN -> "Green";
    };
  }
}
