package dev.signalbox.engine.database.route;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.postgres.Identity;
import dev.signalbox.engine.release.Gate.Verdict;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.timing.Poller;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All switched routes of one database, each watched on a thread of its own. Thread-safe.
///
/// Several are switched one after the other: first all are held that can be, and nothing is let go
/// before all of them lead to the new side.
public final class SwitchedRoutes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SwitchedRoutes.class);
  private static final Duration LOOK = Duration.ofSeconds(2);

  /// A hold that nobody ended is ended that long after the stall budget.
  private static final Duration OVERDUE = Duration.ofSeconds(10);

  /// No hold lasts longer.
  private static final Duration LONGEST_HOLD = Duration.ofMinutes(1);

  /// Kept, of the attempt's time, for saying what was in the way and letting go; a quarter at most.
  private static final Duration LETTING_GO = Duration.ofMillis(250);

  private final List<SwitchedRoute> all;
  private final Function<Colour, Optional<Identity>> identities;
  private final Duration poll;
  private final Map<SwitchedRoute, RouteSight> seen = new ConcurrentHashMap<>();
  private final List<Poller> watchers = new ArrayList<>();
  private volatile boolean driving;

  /// When the hold under way is overdue; [Instant#MAX] when there is none.
  private volatile Instant overdue = Instant.MAX;

  public SwitchedRoutes(
      List<SwitchedRoute> all, Function<Colour, Optional<Identity>> identities, Duration poll) {
    this.all = List.copyOf(all);
    this.identities = identities;
    this.poll = poll;
  }

  public boolean none() {
    return all.isEmpty();
  }

  public boolean canHold() {
    return all.stream().anyMatch(SwitchedRoute::canHold);
  }

  /// How long leading all of them to a side may take.
  public Duration longest() {
    return all.stream().map(SwitchedRoute::longest).reduce(Duration.ZERO, Duration::plus);
  }

  // ---- what is seen ---------------------------------------------------------------------------

  void start() {
    all.forEach(
        route -> watchers.add(new Poller(route.name(), route.every(poll), () -> watch(route))));
  }

  private void watch(SwitchedRoute route) throws InterruptedException {
    if (driving && overdue.equals(Instant.MAX)) {
      route.mend();
    } else if (Instant.now().isAfter(overdue)) {
      letGo();
    }
    var _ = look(route);
  }

  /// The move that let transactions wait holds itself, because nobody can tell whether it was made.
  private void letGo() throws InterruptedException {
    try {
      resume(null);
      LOG.warn("transactions waited for too long, and go on");
    } catch (IOException e) {
      LOG.warn("transactions waited for too long, and not all can go on: {}", e.getMessage());
    }
  }

  /// Only who drives mends what was left behind.
  public void driving(boolean now) {
    driving = now;
  }

  private RouteSight look(SwitchedRoute route) throws InterruptedException {
    RouteSight found = route.look(identities);
    seen.put(route, found);
    return found;
  }

  /// Begins to look at all of them once, now.
  List<Thread> refresh() {
    return all.stream().map(route -> Thread.ofVirtual().start(() -> refresh(route))).toList();
  }

  private void refresh(SwitchedRoute route) {
    try {
      var _ = look(route);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private RouteSight seen(SwitchedRoute route) {
    return Objects.requireNonNullElse(seen.get(route), RouteSight.NOTHING);
  }

  private boolean old(SwitchedRoute route) {
    Duration bearable = route.every(poll).plus(LOOK).multipliedBy(3);
    return seen(route).at().isBefore(Instant.now().minus(bearable));
  }

  /// For a screen.
  public List<DatabaseView.Route> views() {
    return all.stream()
        .map(route -> {
          RouteSight last = seen(route);
          String problem =
              !last.asked()
                  ? "not asked yet"
                  : old(route) ? "it was not looked at lately" : last.problem();
          return new DatabaseView.Route(
              route.name(),
              old(route) ? null : last.leads().orElse(null),
              !old(route) && last.paused(),
              problem);
        })
        .toList();
  }

  /// Before a move: whether all of them lead to its old side and can be switched, as seen last.
  public Verdict verdict(Move move) {
    List<String> evidence = new ArrayList<>();
    for (SwitchedRoute route : all) {
      RouteSight last = seen(route);
      if (old(route)) {
        return Verdict.pending(route.name() + " was not looked at lately");
      }
      String objection = last.objection(move.from());
      if (!objection.isEmpty()) {
        return Verdict.closed(named(route, objection));
      }
      evidence.add(last.evidence());
    }
    return Verdict.open(String.join("; ", evidence));
  }

  /// Why a move cannot be made, as seen last, whatever waits; empty when it can.
  public String obstacle() {
    for (SwitchedRoute route : all) {
      RouteSight last = seen(route);
      if (last.asked() && !last.possible()) {
        return named(route, last.problem());
      }
    }
    return "";
  }

  private static String named(SwitchedRoute route, String objection) {
    return objection.contains(route.name()) ? objection : route.name() + ": " + objection;
  }

  // ---- steps ----------------------------------------------------------------------------------

  /// Before anything is copied, towards the side that is live.
  public void prepare(Colour live, long epoch) throws IOException, InterruptedException {
    for (SwitchedRoute route : all) {
      route.prepare(live, epoch);
    }
  }

  /// When a release is given up.
  public void takeBack(Colour live, long epoch) throws IOException, InterruptedException {
    for (SwitchedRoute route : all) {
      route.takeBack(live, epoch);
    }
  }

  /// At its end.
  public void cleanUp(Colour live, long epoch) throws IOException, InterruptedException {
    for (SwitchedRoute route : all) {
      route.cleanUp(live, epoch);
    }
  }

  /// Just before a move.
  ///
  /// @param strict whether all must lead to the old side and answer; on the way back they need not
  /// @throws IOException with a sentence, when the move must not begin
  public void ready(Move move, boolean strict) throws IOException, InterruptedException {
    for (SwitchedRoute route : all) {
      String objection = look(route).objection(move.from());
      if (strict && !objection.isEmpty()) {
        throw new IOException(named(route, objection) + ".");
      }
      route.ready();
    }
  }

  /// Lets transactions wait wherever that can be done; on failure nothing waits.
  public String hold(StepContext context) throws IOException, InterruptedException {
    Instant latest = Instant.now().plus(LONGEST_HOLD);
    overdue = earlier(context.stallEnds(), latest).plus(OVERDUE);
    List<String> names = new ArrayList<>();
    Instant end = earlier(context.deadline(), latest);
    Duration quarter = Duration.between(Instant.now(), end).dividedBy(4);
    Instant until = end.minus(quarter.compareTo(LETTING_GO) < 0 ? quarter : LETTING_GO);
    for (SwitchedRoute route : all) {
      if (route.canHold()) {
        context.check();
        route.hold(until);
        names.add(route.name());
      }
    }
    return "transactions wait in " + String.join(", ", names);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /// Whether all that can be held are seen held.
  public boolean held() throws InterruptedException {
    for (SwitchedRoute route : all) {
      if (route.canHold() && !look(route).paused()) {
        return false;
      }
    }
    return true;
  }

  /// Whether all are seen to lead there, and nothing waits. One that cannot say it never is.
  public boolean arrived(Colour side) throws InterruptedException {
    for (SwitchedRoute route : all) {
      RouteSight now = look(route);
      if (!now.leadsTo(side) || now.paused()) {
        return false;
      }
    }
    return true;
  }

  /// Whether all that can be held are seen to lead there, whoever waits in them.
  public boolean heldLead(Colour side) throws InterruptedException {
    for (SwitchedRoute route : all) {
      if (route.canHold() && !look(route).leadsTo(side)) {
        return false;
      }
    }
    return true;
  }

  /// Leads all of them to a side. What waits goes on waiting.
  public String point(Colour side, StepContext context) throws IOException, InterruptedException {
    List<String> done = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    IOException first = null;
    for (SwitchedRoute route : all) {
      context.check();
      try {
        done.add(route.point(side, context.epoch()));
      } catch (IOException e) {
        failed.add(String.valueOf(e.getMessage()));
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw new IOException(String.join(" ", failed), first);
    }
    return String.join("; ", done);
  }

  /// Lets everything go on that waits, everywhere, also when some of it fails.
  ///
  /// @param side where they lead; null when that is not known
  public void resume(@Nullable Colour side) throws IOException, InterruptedException {
    List<String> failed = new ArrayList<>();
    IOException first = null;
    for (SwitchedRoute route : all) {
      try {
        route.resume(side);
      } catch (IOException e) {
        failed.add(String.valueOf(e.getMessage()));
        first = first == null ? e : first;
      }
    }
    if (first == null || side == null) {
      overdue = Instant.MAX;
    }
    if (first != null) {
      throw new IOException(String.join(" ", failed), first);
    }
  }

  /// Looks until all lead to a side and nothing waits.
  ///
  /// @return what was seen, in a few words
  /// @throws IOException with the last problem, when the attempt's time is over
  public String await(Colour side, StepContext context) throws IOException, InterruptedException {
    List<String> evidence = new ArrayList<>();
    for (SwitchedRoute route : all) {
      RouteSight arrived =
          context.await(
              "Applications did not arrive on " + side,
              () -> look(route),
              seen -> {
                String objection = seen.objection(side);
                return objection.isEmpty() ? "" : named(route, objection);
              });
      evidence.add(arrived.evidence());
    }
    return String.join("; ", evidence);
  }

  @Override
  public void close() {
    watchers.forEach(Poller::close);
    for (SwitchedRoute route : all) {
      route.close();
    }
  }
}
