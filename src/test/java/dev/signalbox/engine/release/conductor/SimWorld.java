package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.conductor.SimNet.Node;
import dev.signalbox.engine.release.conductor.SimNet.State;
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

  /// Health is judged at least this often.
  private static final Duration JUDGED = Duration.ofSeconds(2);

  private static final Duration DEAD_MAN = Duration.ofSeconds(5);

  private final SimScheduler scheduler;
  private final SimStore store;
  private final SimNet net;

  /// By the open side: the other one, which is closed as soon as it answers.
  private final Map<Colour, Debt> debts = new EnumMap<>(Colour.class);

  /// Replication from these is switched off.
  private final Set<Colour> cut = EnumSet.noneOf(Colour.class);

  private boolean lossTyped;
  private final Set<Colour> closed = EnumSet.of(Colour.GREEN);
  private final Map<Colour, Set<Integer>> rows = new EnumMap<>(Colour.class);
  private final Map<Colour, List<Integer>> outgoing = new EnumMap<>(Colour.class);
  private final Set<Integer> acknowledged = new HashSet<>();
  private final Set<String> built = new LinkedHashSet<>();

  /// Changes of a fence whose COMMIT hangs. They hold the locks of their database.
  private final Map<Colour, Runnable> hanging = new EnumMap<>(Colour.class);

  /// Since when the application of a side fails its health checks.
  private final Map<Colour, Instant> sick = new EnumMap<>(Colour.class);

  private Colour route = Colour.BLUE;
  private Instant holdEnds = Instant.MIN;
  private long routerEpoch;
  private @Nullable Fence fence;
  private @Nullable String violation;
  private int writes;
  private int owed;

  /// A fence is a transaction of its console.
  record Fence(Colour colour, int console, long epoch) {}

  /// @param accepted whether an operator typed that what the debtor took may be lost
  /// @param number of debts that were written before
  record Debt(Colour debtor, boolean accepted, int number) {}

  SimWorld(SimScheduler scheduler, SimStore store, SimNet net) {
    this.scheduler = scheduler;
    this.store = store;
    this.net = net;
    for (Colour colour : Colour.values()) {
      rows.put(colour, new HashSet<>());
      outgoing.put(colour, new ArrayList<>());
    }
    store.whenViolated(this::violated);
    for (Colour colour : Colour.values()) {
      store
          .tables(colour)
          .transactions(() -> fenced(colour) || hangs(colour), () -> endFence(colour));
    }
    clientWrites();
    replicate();
  }

  // ---- what goes on by itself -----------------------------------------------------------------

  private void clientWrites() {
    if (!holding() && writable(route) && up(route) && net.node(Node.ENTRY) == State.UP) {
      int write = writes++;
      Objects.requireNonNull(rows.get(route)).add(write);
      acknowledged.add(write);
      if (isSet(route)) {
        Objects.requireNonNull(outgoing.get(route)).add(write);
      }
    }
    scheduler.later(Duration.ofMillis(97), this::clientWrites);
  }

  private void replicate() {
    if (up(Colour.BLUE) && up(Colour.GREEN)) {
      for (Colour colour : Colour.values()) {
        if (replicates(colour)) {
          deliver(colour, 2);
        }
      }
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
    if (!replicates(from) || !up(from)) {
      throw new IllegalStateException("nothing is replicated from " + from);
    }
    deliver(from, Integer.MAX_VALUE);
  }

  // ---- what is seen ---------------------------------------------------------------------------

  long epoch() {
    return store.epoch();
  }

  /// The move under way for which the journal says that writes may be lost; null for none.
  @Nullable Move accepted() {
    return store.accepted();
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

  private boolean up(Colour colour) {
    return net.node(Node.of(colour)) == State.UP;
  }

  private boolean fenced(Colour colour) {
    Fence now = fence;
    return now != null && now.colour() == colour;
  }

  private boolean writable(Colour colour) {
    Fence now = fence;
    return !closed.contains(colour) && !hangs(colour) && (now == null || now.colour() != colour);
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

  Set<String> built() {
    return Collections.unmodifiableSet(built);
  }

  boolean fencedBy(int console, long epoch, Colour colour) {
    return new Fence(colour, console, epoch).equals(fence);
  }

  boolean sick(Colour colour) {
    return sick.containsKey(colour);
  }

  /// A move was called proven at that time; a console may read it later.
  void proven(Colour to, Instant at) {
    Instant since = sick.get(to);
    if (since != null && since.plus(JUDGED).isBefore(at)) {
      violated("traffic on " + to + " is called proven, which fails its checks since " + since);
    }
  }

  void sick(Colour colour, boolean now) {
    if (now) {
      sick.putIfAbsent(colour, scheduler.now());
    } else {
      sick.remove(colour);
    }
  }

  boolean replicates(Colour from) {
    return isSet(from) && !cut.contains(from);
  }

  private boolean isSet(Colour from) {
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

  /// Whether a side knows another epoch.
  boolean behind(Colour colour, long epoch) {
    return store.tables(colour).epoch() != epoch;
  }

  /// A transaction of a database.
  void change(Colour colour, long epoch, Runnable change) {
    long there = store.tables(colour).epoch();
    if (epoch < there) {
      throw new DeposedException(colour + " refuses epoch " + epoch);
    } else if (epoch > there) {
      throw new IllegalStateException(colour + " has not heard of epoch " + epoch + " yet");
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
    if (writable().size() > 1 && debts.values().stream().noneMatch(Debt::accepted)) {
      violated("both sides take writes");
    }
  }

  /// An operator typed that writes may be lost.
  void lossTyped() {
    lossTyped = true;
  }

  /// A side is opened without the other one, which is closed as soon as it answers.
  void owe(Colour creditor, boolean accepted) {
    Colour debtor = creditor.other();
    Debt before = debts.get(creditor);
    debts.put(
        creditor, new Debt(debtor, accepted || (before != null && before.accepted()), owed++));
    if (accepted) {
      if (!lossTyped) {
        violated("writes on " + debtor + " are given up, and nobody typed that");
      }
      giveUp(debtor);
      // What it still has to send must not come over the new writes.
      cut.add(debtor);
    }
  }

  private void giveUp(Colour lost) {
    acknowledged.removeIf(
        write -> rows(lost).contains(write) && !rows(lost.other()).contains(write));
  }

  private Set<Integer> rows(Colour colour) {
    return Objects.requireNonNull(rows.get(colour));
  }

  @Nullable Debt debt(Colour creditor) {
    return debts.get(creditor);
  }

  /// The debtor is closed now: what was accepted has happened.
  void paid(Colour creditor) {
    Debt debt = debts.remove(creditor);
    debts.remove(creditor.other());
    if (debt != null && debt.accepted()) {
      giveUp(debt.debtor());
      for (Colour colour : Colour.values()) {
        Objects.requireNonNull(outgoing.get(colour)).clear();
        remove("replication from " + colour.id());
      }
      cut.clear();
    }
  }

  /// The creditor is not open without the debtor any more.
  void forget(Colour creditor) {
    debts.remove(creditor);
    cut.remove(creditor.other());
  }

  /// A COMMIT that was asked for hangs.
  void commitsLate(Colour colour, Runnable change) {
    hanging.put(colour, change);
    scheduler.later(
        Duration.ofMillis(300 + scheduler.random.nextInt(6000)),
        () -> {
          if (hanging.remove(colour, change)) {
            change.run();
            check();
          }
        });
  }

  /// Whether a change of the fence of this side may still be carried out.
  boolean hangs(Colour colour) {
    return hanging.containsKey(colour);
  }

  /// A server ends, and with it the transactions on it.
  void dies(Colour colour) {
    hanging.remove(colour);
    endFence(colour);
  }

  private void endFence(Colour colour) {
    if (fenced(colour)) {
      endFence();
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

  void endFence(int console, Colour colour) {
    Fence now = fence;
    if (now != null && now.console() == console && now.colour() == colour) {
      endFence();
    }
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
        + built
        + ", debts "
        + debts
        + ", "
        + net;
  }
}
