package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.Blocker;
import dev.signalbox.engine.DatabaseView.Consistency;
import dev.signalbox.engine.database.barrier.PendingClose;
import dev.signalbox.engine.database.migration.Migrations;
import dev.signalbox.engine.database.pair.Blockers;
import dev.signalbox.engine.database.route.Routes;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.Gate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What must hold before a move, from what was last seen. A side that does not answer now, or that
/// nobody asked yet, closes or leaves pending whatever depends on it: no gate is open for what was
/// seen before.
///
/// To add a gate: a method that gives its verdict, and a line in [#all] that names the sides that
/// it needs to see.
record Gates(Situation now, Routes routes) {
  List<Gate> all() {
    List<Gate> gates = new ArrayList<>();
    gates.add(now.gate("servers", "Both databases answer", this::servers));
    gates.add(now.gate("migrations", "Migrations applied", this::migrations, now.copySide()));
    gates.addAll(new SyncGates(now).beforeComparison());
    gates.add(now.gate("identical", "Data identical", this::identical, now.sides()));
    gates.addAll(new SyncGates(now).afterComparison());
    gates.add(
        now.gate("transactions", "No long transaction", this::transactions, now.move().from()));
    gates.add(now.gate("schema", "Schema unchanged", this::schema, now.sides()));
    gates.add(now.gate("fence", "Fence in place", this::fence));
    if (!routes.none()) {
      gates.add(route("route-target", now.move().to()));
      if (now.move().to() != now.origin()) {
        // The way back leads there.
        gates.add(route("route-source", now.move().from()));
      }
    }
    if (!routes.switched().none()) {
      gates.add(
          now.gate(
              "route",
              "Routes lead to " + now.move().from(),
              () -> routes.switched().verdict(now.move())));
    }
    return gates;
  }

  private Verdict servers() {
    for (Colour colour : now.sides()) {
      Seen side = now.side(colour);
      if (!side.reachable()) {
        String problem = side.problem(colour);
        return side.asked() ? Verdict.closed(problem) : Verdict.pending(problem);
      }
    }
    return Verdict.open(
        "PostgreSQL " + now.from().activity().version() + " and " + now.to().activity().version());
  }

  private Verdict migrations() {
    Colour copy = now.copySide();
    Migrations.Summary found = now.side(copy).content().migrations();
    if (found.pending() < 0) {
      return Verdict.closed(
          "which scripts are not applied on " + copy + " is not known: " + found.problem());
    }
    return found.pending() == 0
        ? Verdict.open("schema version " + (found.version().isEmpty() ? "none" : found.version()))
        : Verdict.pending(found.pending() + " scripts are not applied on " + copy);
  }

  private Verdict identical() {
    Consistency found = now.consistency();
    String evidence = found.evidence().isEmpty() ? "not compared yet" : found.evidence();
    return switch (found.state()) {
      case IDENTICAL -> Verdict.open(evidence);
      case DIFFERENT, FAILED -> Verdict.closed(evidence);
      case NOT_RUN, RUNNING -> Verdict.pending(evidence);
    };
  }

  private Verdict transactions() {
    Colour from = now.move().from();
    List<Blocker> blockers = now.from().activity().blockers();
    return blockers.isEmpty()
        ? Verdict.open(
            "no writer on " + from + " has been open for " + Blockers.LONG.toSeconds() + " s")
        : Verdict.closed(blockers.getFirst() + " would hold up the fence; end it");
  }

  private Verdict schema() {
    Colour origin = now.origin();
    String carried = now.side(now.copySide()).values().carried();
    if (carried.isEmpty()) {
      return Verdict.pending("no schema was carried over yet");
    }
    return carried.equals(now.side(origin).content().digest())
        ? Verdict.open("the schema of " + origin + " is as it was when it was carried over")
        : Verdict.closed(
            "the schema of "
                + origin
                + " was changed after it was carried over; such changes are not replicated. Undo"
                + " the change, or give the release up and begin again");
  }

  private Verdict fence() {
    Optional<PendingClose> pending = now.from().values().pending().or(now.to().values()::pending);
    if (pending.isPresent()) {
      return Verdict.closed(
          pending.get().side()
              + " is still to be closed for writes: done as soon as it answers while a console"
              + " drives");
    }
    return now.unseen(now.sides()).orElseGet(this::fences);
  }

  private Verdict fences() {
    Seen from = now.from();
    Seen to = now.to();
    boolean carried = !now.side(now.copySide()).values().carried().isEmpty();
    String evidence =
        now.move().from() + " is " + word(from) + ", " + now.move().to() + " is " + word(to);
    if (carried && from.writable() && to.writable()) {
      return Verdict.closed(evidence);
    }
    return from.fence() == Fence.State.OPEN && to.fence() == Fence.State.CLOSED
        ? Verdict.open(evidence)
        : Verdict.pending(evidence);
  }

  private static String word(Seen side) {
    return switch (side.fence()) {
      case NO_TABLES -> "empty";
      case OPEN -> "open for writes";
      case CLOSED -> "closed for writes";
      case MIXED -> "closed in part or not known";
    };
  }

  private Gate route(String id, Colour stack) {
    return now.gate(id, stack.title() + " on its database", () -> route(stack), stack);
  }

  private Verdict route(Colour stack) {
    Routes.Seen seen = routes.seen(stack);
    if (routes.old(stack)) {
      return Verdict.pending(routes.obstacle(stack));
    } else if (!seen.told()) {
      return Verdict.open("The applications of " + stack + " cannot say it");
    }
    return seen.problem().isEmpty()
        ? Verdict.open(stack + " acknowledged " + seen.evidence())
        : Verdict.closed(seen.problem());
  }
}
