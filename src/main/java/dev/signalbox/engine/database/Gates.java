package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.Consistency;
import dev.signalbox.engine.DatabaseView.TableProgress;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.GateView.State;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.database.replication.Flow;
import dev.signalbox.engine.database.route.Routes;
import dev.signalbox.engine.postgres.Fence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What must hold before a move, from what was last seen. A side that does not answer now, or that
/// nobody asked yet, closes or leaves pending whatever depends on it: no gate is open for what was
/// seen before.
///
/// @param from as it is seen now: [Seen#reachable] only when that is fresh; @param to likewise
/// @param lag of the channel that leads to the new side, and of the way back; null when unknown
record Gates(
    DatabasePair pair,
    Routes routes,
    Move move,
    Colour origin,
    Seen from,
    Seen to,
    Consistency consistency,
    @Nullable Duration lag,
    @Nullable Duration lagBack) {
  private static final long HEADROOM = 256L << 20;

  /// A marker that is longer on its way back does not say that the way back works.
  static final Duration LONGEST_BACK = Duration.ofSeconds(5);

  private static final String BEGIN_AGAIN = " Give the release up and begin again.";

  List<GateView> all() {
    List<GateView> gates = new ArrayList<>();
    gates.add(servers());
    gates.add(migrations());
    gates.add(copied());
    gates.add(lagging());
    gates.add(identical());
    gates.add(wayBack());
    gates.add(transactions());
    gates.add(headroom());
    gates.add(schema());
    gates.add(fence());
    if (!routes.none()) {
      gates.add(route("route-target", move.to()));
      if (move.to() != origin) {
        // The way back leads there.
        gates.add(route("route-source", move.from()));
      }
    }
    return gates;
  }

  private GateView gate(String id, String title, State state, String evidence) {
    return new GateView(pair.settings().plane() + "." + id, pair.titled(title), state, evidence);
  }

  private Seen side(Colour colour) {
    return colour == move.from() ? from : to;
  }

  /// A gate that cannot be decided while a side is not seen; empty when all are.
  private Optional<GateView> unseen(String id, String title, Colour... sides) {
    for (Colour colour : sides) {
      if (!side(colour).reachable()) {
        return Optional.of(gate(id, title, State.PENDING, "not known: " + problem(colour)));
      }
    }
    return Optional.empty();
  }

  private String problem(Colour colour) {
    Seen side = side(colour);
    return side.asked() ? side.problem() : colour + " was not asked yet";
  }

  private Seen target() {
    return side(origin.other());
  }

  private GateView servers() {
    String title = "Both databases answer";
    for (Colour colour : List.of(move.from(), move.to())) {
      Seen side = side(colour);
      if (!side.reachable()) {
        return gate("servers", title, side.asked() ? State.CLOSED : State.PENDING, problem(colour));
      }
    }
    return gate(
        "servers", title, State.OPEN, "PostgreSQL " + from.version() + " and " + to.version());
  }

  private GateView migrations() {
    String title = "Migrations applied";
    Seen target = target();
    int pending = target.pending();
    Optional<GateView> unseen = unseen("migrations", title, origin.other());
    if (unseen.isPresent()) {
      return unseen.get();
    } else if (pending < 0) {
      return gate(
          "migrations",
          title,
          State.CLOSED,
          "which scripts are not applied on "
              + origin.other()
              + " is not known: "
              + target.scripts());
    }
    return gate(
        "migrations",
        title,
        pending == 0 ? State.OPEN : State.PENDING,
        pending == 0
            ? "schema version "
                + (target.schemaVersion().isEmpty() ? "none" : target.schemaVersion())
            : pending + " scripts are not applied on " + origin.other());
  }

  private GateView copied() {
    Seen target = target();
    Optional<GateView> unseen = unseen("copy", "Copy complete", origin.other());
    if (unseen.isPresent()) {
      return unseen.get();
    }
    Optional<Flow.Receiver> receiver = target.receiver();
    if (receiver.isEmpty()) {
      return gate("copy", "Copy complete", State.PENDING, "replication has not begun");
    }
    List<TableProgress> open =
        target.tables().stream().filter(t -> !t.state().equals("streaming")).toList();
    int unready = receiver.get().unready();
    return gate(
        "copy",
        "Copy complete",
        unready == 0 ? State.OPEN : State.PENDING,
        unready == 0
            ? target.tables().size() + " tables are in step"
            : open.size() + " of " + target.tables().size() + " tables are being copied");
  }

  private GateView lagging() {
    String title = "In step";
    Optional<GateView> unseen = unseen("lag", title, move.from(), move.to());
    if (unseen.isPresent()) {
      return unseen.get();
    }
    String altered = from.definitions().altered(to.definitions());
    if (!altered.isEmpty()) {
      return gate("lag", title, State.CLOSED, altered + BEGIN_AGAIN);
    }
    Optional<Flow.Sender> sender = from.sender();
    if (sender.isEmpty() || to.receiver().isEmpty()) {
      return gate("lag", title, State.PENDING, "replication to " + move.to() + " is not on");
    }
    if (!to.receiver().get().enabled()) {
      return gate("lag", title, State.CLOSED, parted());
    }
    if (lag == null && sender.get().active() && to.receiver().get().working()) {
      return gate("lag", title, State.PENDING, "how far " + move.to() + " is behind is measured");
    } else if (lag == null) {
      return gate(
          "lag",
          title,
          State.CLOSED,
          "how far " + move.to() + " is behind is not known; look at its replication worker");
    }
    // How far is shown once, beside the arrow: two figures would differ.
    boolean within = lag.compareTo(pair.settings().maxLag()) <= 0;
    return gate(
        "lag",
        title,
        within ? State.OPEN : State.CLOSED,
        move.to()
            + (within ? " is within the " : " is further behind than the ")
            + pair.settings().maxLag().toMillis()
            + " ms that are allowed");
  }

  private GateView identical() {
    Optional<GateView> unseen = unseen("identical", "Data identical", move.from(), move.to());
    if (unseen.isPresent()) {
      return unseen.get();
    }
    String stored = from.compared().isEmpty() ? to.compared() : from.compared();
    State state =
        switch (consistency.state()) {
          case IDENTICAL -> State.OPEN;
          case DIFFERENT, FAILED -> State.CLOSED;
          case NOT_RUN, RUNNING -> stored.isEmpty() ? State.PENDING : State.OPEN;
        };
    String evidence =
        consistency.state() == Consistency.State.NOT_RUN && !stored.isEmpty()
            ? "compared before (tables, rows, when): " + stored
            : consistency.evidence();
    return gate(
        "identical", "Data identical", state, evidence.isEmpty() ? "not compared yet" : evidence);
  }

  private GateView wayBack() {
    String title = "Way back armed";
    Optional<GateView> unseen = unseen("way-back", title, move.from(), move.to());
    if (unseen.isPresent()) {
      return unseen.get();
    }
    String altered = to.definitions().altered(from.definitions());
    if (!altered.isEmpty()) {
      return gate("way-back", title, State.CLOSED, altered + BEGIN_AGAIN);
    }
    Optional<Flow.Sender> sender = to.sender();
    Optional<Flow.Receiver> receiver = from.receiver();
    if (sender.isEmpty() || receiver.isEmpty()) {
      return gate("way-back", title, State.PENDING, "the way back is not armed yet");
    }
    if (!receiver.get().enabled()) {
      return gate("way-back", title, State.CLOSED, parted());
    }
    if (lagBack == null && sender.get().active() && receiver.get().working()) {
      return gate("way-back", title, State.PENDING, "no marker came from " + move.to() + " yet");
    }
    boolean works =
        sender.get().active()
            && receiver.get().working()
            && lagBack != null
            && lagBack.compareTo(LONGEST_BACK) <= 0;
    return gate(
        "way-back",
        title,
        works ? State.OPEN : State.CLOSED,
        works
            ? "a marker from " + move.to() + " was seen on " + move.from()
            : "nothing arrives on "
                + move.from()
                + " from "
                + move.to()
                + "; look at its server log");
  }

  private String parted() {
    return "writes of "
        + move.to()
        + " were given up, so the two sides have gone different ways; give the release up, then begin"
        + " a new one";
  }

  private GateView transactions() {
    Optional<GateView> unseen = unseen("transactions", "No long transaction", move.from());
    if (unseen.isPresent()) {
      return unseen.get();
    }
    List<Blockers.Blocker> blockers = from.blockers();
    return gate(
        "transactions",
        "No long transaction",
        blockers.isEmpty() ? State.OPEN : State.CLOSED,
        blockers.isEmpty()
            ? "no writer on "
                + move.from()
                + " has been open for "
                + Blockers.LONG.toSeconds()
                + " s"
            : blockers.getFirst() + " would hold up the fence; end it");
  }

  private GateView headroom() {
    Optional<GateView> unseen = unseen("headroom", "Log kept", move.from(), move.to());
    if (unseen.isPresent()) {
      return unseen.get();
    }
    if (from.sender().isEmpty() && to.sender().isEmpty()) {
      return gate("headroom", "Log kept", State.PENDING, "there is no slot yet");
    }
    for (Seen side : List.of(from, to)) {
      if (side.sender().isPresent()) {
        Flow.Sender sender = side.sender().get();
        if (sender.walStatus().equals("lost") || sender.walStatus().equals("unreserved")) {
          return gate(
              "headroom",
              "Log kept",
              State.CLOSED,
              "a slot has lost its log ("
                  + sender.walStatus()
                  + "); give the release up and copy again");
        }
        if (sender.headroom() >= 0 && sender.headroom() < HEADROOM) {
          return gate(
              "headroom",
              "Log kept",
              State.CLOSED,
              "only " + (sender.headroom() >> 20) + " MiB until a slot loses its log");
        }
      }
    }
    return gate("headroom", "Log kept", State.OPEN, "every slot has the log that it needs");
  }

  private GateView schema() {
    Optional<GateView> unseen = unseen("schema", "Schema unchanged", move.from(), move.to());
    if (unseen.isPresent()) {
      return unseen.get();
    }
    Seen source = side(origin);
    Seen target = target();
    if (target.carried().isEmpty()) {
      return gate("schema", "Schema unchanged", State.PENDING, "no schema was carried over yet");
    }
    boolean same = target.carried().equals(source.digest());
    return gate(
        "schema",
        "Schema unchanged",
        same ? State.OPEN : State.CLOSED,
        same
            ? "the schema of " + origin + " is as it was when it was carried over"
            : "the schema of "
                + origin
                + " was changed after it was carried over; such changes are not replicated. Undo the"
                + " change, or give the release up and begin again");
  }

  private GateView fence() {
    boolean ready = from.fence() == Fence.State.OPEN && to.fence() == Fence.State.CLOSED;
    boolean both = !target().carried().isEmpty() && from.writable() && to.writable();
    Optional<Debts.Debt> owed = from.debt().or(to::debt);
    boolean debt = owed.isPresent();
    Optional<GateView> unseen = unseen("fence", "Fence in place", move.from(), move.to());
    if (unseen.isPresent() && !debt) {
      return unseen.get();
    }
    return gate(
        "fence",
        "Fence in place",
        debt || both ? State.CLOSED : ready ? State.OPEN : State.PENDING,
        debt
            ? owed.get().debtor()
                + " is still to be closed for writes: done as soon as it answers while a console"
                + " drives"
            : move.from() + " is " + word(from) + ", " + move.to() + " is " + word(to));
  }

  private GateView route(String id, Colour stack) {
    String title = stack.title() + " on its database";
    Routes.Seen seen = routes.seen(stack);
    if (routes.old(stack)) {
      return gate(id, title, State.PENDING, routes.obstacle(stack));
    } else if (!seen.told()) {
      return gate(id, title, State.OPEN, "The applications of " + stack + " cannot say it");
    }
    return seen.problem().isEmpty()
        ? gate(id, title, State.OPEN, stack + " acknowledged " + seen.evidence())
        : gate(id, title, State.CLOSED, seen.problem());
  }

  private static String word(Seen side) {
    return switch (side.fence()) {
      case NO_TABLES -> "empty";
      case OPEN -> "open for writes";
      case CLOSED -> "closed for writes";
      case MIXED -> "closed in part or not known";
    };
  }
}
