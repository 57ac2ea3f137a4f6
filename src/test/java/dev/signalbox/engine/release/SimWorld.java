package dev.signalbox.engine.release;

import dev.signalbox.engine.Colour;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What outlives a console: two databases with their fences and rows, replication between them, a
/// router, and clients that write all the time and remember what was acknowledged.
///
/// Checks at each change that never two sides take writes.
final class SimWorld {
  /// The longest that the router holds requests, and that a fence outlives its console.
  static final Duration HOLD = Duration.ofMillis(1500);

  private static final Duration DEAD_MAN = Duration.ofSeconds(5);

  private final SimScheduler scheduler;
  private final SimStore store;
  private final Set<Colour> closed = EnumSet.of(Colour.GREEN);
  private final Map<Colour, Set<Integer>> rows = new EnumMap<>(Colour.class);
  private final Map<Colour, List<Integer>> outgoing = new EnumMap<>(Colour.class);
  private final Set<Integer> acknowledged = new HashSet<>();
  private final Set<String> built = new LinkedHashSet<>();
  private final Set<Colour> sick = EnumSet.noneOf(Colour.class);
  private Colour route = Colour.BLUE;
  private Instant holdEnds = Instant.MIN;
  private long routerEpoch;
  private @Nullable Fence fence;
  private @Nullable String violation;
  private int writes;

  /// A fence is a transaction of its console.
  record Fence(Colour colour, int console, long epoch) {}

  SimWorld(SimScheduler scheduler, SimStore store) {
    this.scheduler = scheduler;
    this.store = store;
    for (Colour colour : Colour.values()) {
      rows.put(colour, new HashSet<>());
      outgoing.put(colour, new ArrayList<>());
    }
    store.whenRaised(this::endFence);
    clientWrites();
    replicate();
  }

  // ---- what goes on by itself -----------------------------------------------------------------

  private void clientWrites() {
    if (!holding() && writable(route)) {
      int write = writes++;
      Objects.requireNonNull(rows.get(route)).add(write);
      acknowledged.add(write);
      if (replicates(route)) {
        Objects.requireNonNull(outgoing.get(route)).add(write);
      }
    }
    scheduler.later(Duration.ofMillis(97), this::clientWrites);
  }

  private void replicate() {
    for (Colour colour : Colour.values()) {
      deliver(colour, 2);
    }
    scheduler.later(Duration.ofMillis(131), this::replicate);
  }

  private void deliver(Colour from, int most) {
    List<Integer> waiting = Objects.requireNonNull(outgoing.get(from));
    List<Integer> some = waiting.subList(0, Math.min(most, waiting.size()));
    Objects.requireNonNull(rows.get(from.other())).addAll(some);
    some.clear();
  }

  /// Everything that one side has written is on the other one.
  void catchUp(Colour from) {
    if (!replicates(from)) {
      throw new IllegalStateException("nothing is replicated from " + from);
    }
    deliver(from, Integer.MAX_VALUE);
  }

  // ---- what is seen ---------------------------------------------------------------------------

  long epoch() {
    return store.epoch();
  }

  boolean holding() {
    return scheduler.now().isBefore(holdEnds);
  }

  Colour route() {
    return route;
  }

  boolean closed(Colour colour) {
    return closed.contains(colour);
  }

  private boolean writable(Colour colour) {
    Fence now = fence;
    return !closed.contains(colour) && (now == null || now.colour() != colour);
  }

  Set<Colour> writable() {
    Set<Colour> open = EnumSet.noneOf(Colour.class);
    for (Colour colour : Colour.values()) {
      if (writable(colour)) {
        open.add(colour);
      }
    }
    return open;
  }

  /// What a plane sees: the side that is open while the other one is closed.
  @Nullable Colour openSide() {
    if (closed.size() != 1) {
      return null;
    }
    return closed.iterator().next().other();
  }

  Set<String> built() {
    return Collections.unmodifiableSet(built);
  }

  boolean fencedBy(int console, long epoch, Colour colour) {
    return new Fence(colour, console, epoch).equals(fence);
  }

  boolean sick(Colour colour) {
    return sick.contains(colour);
  }

  void sick(Colour colour, boolean now) {
    if (now) {
      sick.add(colour);
    } else {
      sick.remove(colour);
    }
  }

  boolean replicates(Colour from) {
    return built.contains("replication from " + from.id());
  }

  /// Acknowledged writes that a side does not have and will not get.
  Set<Integer> missing(Colour on) {
    Set<Integer> missing = new HashSet<>(acknowledged);
    missing.removeAll(Objects.requireNonNull(rows.get(on)));
    missing.removeAll(Objects.requireNonNull(outgoing.get(on.other())));
    return missing;
  }

  // ---- what changes it ------------------------------------------------------------------------

  /// A transaction of a database.
  void change(long epoch, Runnable change) {
    if (epoch != store.epoch()) {
      throw new DeposedException("the database refuses epoch " + epoch);
    }
    change.run();
    check();
  }

  /// A command of the router: it knows only the epochs that it has heard of.
  void command(long epoch, Runnable change) {
    if (epoch < routerEpoch) {
      throw new DeposedException("the router refuses epoch " + epoch);
    }
    routerEpoch = epoch;
    change.run();
  }

  private void check() {
    if (writable().size() > 1) {
      violated("both sides take writes");
    }
  }

  /// Remembers the first one: what a conductor makes of an error must not hide it.
  void violated(String invariant) {
    if (violation == null) {
      violation = invariant + " at " + scheduler.now();
    }
  }

  /// The first invariant that did not hold; null when all did.
  @Nullable String violation() {
    return violation;
  }

  void close(Colour colour) {
    closed.add(colour);
  }

  void open(Colour colour) {
    closed.remove(colour);
  }

  void build(String what) {
    built.add(what);
  }

  void remove(String what) {
    built.remove(what);
  }

  /// A copy of all rows, and replication from then on.
  void copy(Colour from) {
    rows.put(from.other(), new HashSet<>(Objects.requireNonNull(rows.get(from))));
    Objects.requireNonNull(outgoing.get(from)).clear();
    built.add("replication from " + from.id());
  }

  /// The tables of a side go.
  void drop(Colour colour) {
    Objects.requireNonNull(rows.get(colour)).clear();
    Objects.requireNonNull(outgoing.get(colour.other())).clear();
  }

  void arm(Colour from) {
    Objects.requireNonNull(outgoing.get(from)).clear();
    built.add("replication from " + from.id());
  }

  void fence(Fence wanted) {
    fence = wanted;
    // A console that is frozen holds it no longer than this.
    scheduler.later(
        DEAD_MAN,
        () -> {
          if (wanted.equals(fence)) {
            fence = null;
            check();
          }
        });
  }

  void endFence() {
    fence = null;
    check();
  }

  void consoleDied(int console) {
    Fence now = fence;
    if (now != null && now.console() == console) {
      endFence();
    }
  }

  void hold() {
    holdEnds = scheduler.now().plus(HOLD);
  }

  void release() {
    holdEnds = Instant.MIN;
  }

  void route(Colour to) {
    route = to;
  }

  @Override
  public String toString() {
    return "closed "
        + closed
        + ", fence "
        + fence
        + ", route "
        + route
        + ", holding "
        + holding()
        + ", built "
        + built;
  }
}
