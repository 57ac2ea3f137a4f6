package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Consistency;
import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.DatabaseView.TableProgress;
import dev.signalbox.engine.DatabaseView.TableSize;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.database.migration.Migrations;
import dev.signalbox.engine.database.replication.Flow;
import dev.signalbox.engine.database.replication.Heartbeat;
import dev.signalbox.engine.database.route.DatabaseRoute;
import dev.signalbox.engine.database.route.Routes;
import dev.signalbox.engine.environment.DatabaseSettings;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Identity;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.Plane;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.engine.release.model.Risk;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The database plane of an environment: two PostgreSQL servers. Thread-safe.
///
/// Each server is watched on a thread and a connection of its own, so one that hangs does not age
/// the view of the other. Whatever changes anything carries the epoch of the step's context;
/// between steps the plane only writes its marker, and pays a debt (see `Debts`), with the epoch it
/// was last given.
public final class DatabasePlane implements Plane {
  private static final Logger LOG = LoggerFactory.getLogger(DatabasePlane.class);
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Duration BEAT = Duration.ofMillis(250);

  private final DatabasePair pair;
  private final Migrations migrations;
  private final Fencing fencing;
  private final Debts debts;
  private final Routes routes;
  private final CutoverSteps cutover;

  /// What this console compared.
  ///
  /// @param release number of the release that it was compared in
  private record Compared(long release, Consistency found) {
    private static final Compared NOTHING =
        new Compared(0, new Consistency(Consistency.State.NOT_RUN, 0, 0, 0, null, ""));
  }

  /// In a sentence.
  private static final int NAMED = 3;

  private final Map<Colour, ServerWatch> watches = new EnumMap<>(Colour.class);
  private final Map<Colour, Heartbeat> heartbeats = new EnumMap<>(Colour.class);
  private final AtomicLong epoch = new AtomicLong();
  private final AtomicBoolean paying = new AtomicBoolean();
  private volatile Compared consistency = Compared.NOTHING;
  private volatile boolean closed;

  /// Connects to nothing yet.
  ///
  /// @param environment its name; publications, slots and subscriptions are named after it
  /// @param servers one for each colour; they stay the caller's to close
  /// @param routes how applications learn which database is theirs
  public DatabasePlane(
      String environment,
      DatabaseSettings settings,
      Map<Colour, PostgresServer> servers,
      List<DatabaseRoute> routes) {
    this.pair = new DatabasePair(environment, settings, new EnumMap<>(servers));
    this.migrations = new Migrations(settings.migrations(), settings.schemas());
    this.fencing = new Fencing(pair);
    this.debts = new Debts(pair, fencing);
    this.routes = new Routes(routes, this::identity, settings.poll());
    this.cutover = new CutoverSteps(pair, fencing, debts, this.routes);
    for (Colour colour : Colour.values()) {
      watches.put(colour, new ServerWatch(pair, colour, migrations, this::seen));
      heartbeats.put(
          colour,
          new Heartbeat(
              pair.from(colour),
              pair.server(colour),
              pair.server(colour.other()),
              BEAT,
              epoch::get,
              () -> connected(colour)));
    }
  }

  @Override
  public String id() {
    return pair.settings().plane();
  }

  /// The scripts of the environment, for `migrate status|apply|undo`.
  public Migrations migrations() {
    return migrations;
  }

  /// Which database a colour's server really is, as it said itself when it was last connected to;
  /// empty before that.
  public Optional<Identity> identity(Colour colour) {
    return Objects.requireNonNull(watches.get(colour)).identity();
  }

  /// Tells the plane that this console drives with that epoch, or, with 0, that it no longer does.
  /// A step tells it too; without either, lag is taken from the servers' own figures.
  @Override
  public void driving(long newest) {
    epoch.set(newest);
  }

  @Override
  public void start() {
    watches.values().forEach(ServerWatch::start);
    heartbeats.values().forEach(Heartbeat::start);
    routes.start();
  }

  private Seen seen(Colour colour) {
    return Objects.requireNonNull(watches.get(colour)).seen();
  }

  private Heartbeat heartbeat(Colour from) {
    return Objects.requireNonNull(heartbeats.get(from));
  }

  /// Whether the channel exists at both ends and copies no more.
  private boolean connected(Colour from) {
    Optional<Flow.Receiver> receiver = seen(from.other()).receiver();
    return seen(from).sender().isPresent() && receiver.isPresent() && receiver.get().enabled();
  }

  /// The stack on which the release began that is set up in the databases, as either of them said
  /// last; empty without one, or when neither answered yet.
  public Optional<Colour> releaseOrigin() {
    String origin = seen(Colour.BLUE).origin();
    String known = origin.isEmpty() ? seen(Colour.GREEN).origin() : origin;
    return known.isEmpty() ? Optional.empty() : Optional.of(Colour.parse(known));
  }

  private Colour origin() {
    return releaseOrigin().orElseGet(() -> Objects.requireNonNullElse(live(), Colour.BLUE));
  }

  @Override
  public DatabaseView view() {
    Colour origin = origin();
    Map<Colour, DatabaseView.Server> servers = new EnumMap<>(Colour.class);
    Instant at = Instant.MAX;
    for (Colour colour : Colour.values()) {
      Seen seen = seen(colour);
      servers.put(colour, server(colour, seen));
      at = seen.at().isBefore(at) ? seen.at() : at;
    }
    Map<Colour, DatabaseView.Application> applications = new EnumMap<>(Colour.class);
    for (Colour colour : Colour.values()) {
      routes.view(colour).ifPresent(seen -> applications.put(colour, seen));
    }
    return new DatabaseView(
        id(),
        at,
        Map.copyOf(servers),
        new DatabaseView.Replication(
            origin, direction(origin), direction(origin.other()), progress(origin)),
        compared(),
        Map.copyOf(applications));
  }

  /// Two databases are not seen to be identical while one of them is not seen. What another console
  /// compared in this release is in the databases.
  private Consistency compared() {
    Consistency last = found();
    if (last.state() == Consistency.State.NOT_RUN) {
      last = comparedBefore().orElse(last);
    }
    for (Colour colour : Colour.values()) {
      Seen seen = seen(colour);
      if (last.state() == Consistency.State.IDENTICAL && !seen.reachable()) {
        return new Consistency(
            Consistency.State.NOT_RUN,
            0,
            last.tables(),
            last.rows(),
            last.at(),
            "not known now: " + seen.problem() + ". Before: " + last.evidence());
      }
    }
    return last;
  }

  /// A console that does not drive does not learn when what it found once no longer holds.
  private Consistency found() {
    return (epoch.get() == 0 ? Compared.NOTHING : consistency).found;
  }

  private Optional<Consistency> comparedBefore() {
    return Stream.of(Colour.values())
        .map(this::seen)
        .flatMap(seen -> seen.comparedBefore().stream())
        .findFirst();
  }

  private static DatabaseView.Server server(Colour colour, Seen s) {
    DatabaseView.Access access =
        !s.reachable()
            ? DatabaseView.Access.UNKNOWN
            : switch (s.fence()) {
              case OPEN -> DatabaseView.Access.READ_WRITE;
              case CLOSED -> DatabaseView.Access.FENCED;
              case NO_TABLES, MIXED -> DatabaseView.Access.UNKNOWN;
            };
    return new DatabaseView.Server(
        colour,
        s.reachable(),
        s.at(),
        s.problem(),
        s.version(),
        s.position(),
        s.size(),
        access,
        s.connections(),
        s.openTransactions(),
        s.oldest(),
        s.transactionsPerSecond(),
        s.schemaVersion(),
        s.pending(),
        s.largest());
  }

  private List<TableProgress> progress(Colour origin) {
    Map<DatabaseView.TableName, Long> totals = new java.util.HashMap<>();
    for (TableSize size : seen(origin).largest()) {
      totals.put(size.table(), size.rows());
    }
    return seen(origin.other()).tables().stream()
        .map(t ->
            new TableProgress(
                t.table(),
                t.state(),
                t.copiedRows(),
                Math.max(t.copiedRows(), totals.getOrDefault(t.table(), 0L)),
                t.copiedBytes()))
        .toList();
  }

  private Direction direction(Colour from) {
    Seen sending = seen(from);
    Seen receiving = seen(from.other());
    boolean asked = sending.asked() && receiving.asked();
    boolean seen = sending.reachable() && receiving.reachable();
    boolean found = sending.sender().isPresent() || receiving.receiver().isPresent();
    if (!asked || (!found && !seen)) {
      String silent = sending.reachable() ? receiving.problem() : sending.problem();
      return new Direction(Direction.State.UNKNOWN, -1, null, 0, 0, asked ? silent : "");
    } else if (!found) {
      return new Direction(Direction.State.ABSENT, -1, null, 0, 0, "");
    }
    String problem = problem(from, sending, receiving);
    boolean copying = receiving.receiver().map(r -> r.unready() > 0).orElse(false);
    Direction.State state =
        !problem.isEmpty()
            ? Direction.State.BROKEN
            : copying ? Direction.State.COPYING : Direction.State.STREAMING;
    return new Direction(
        state,
        seen ? sending.sender().map(Flow.Sender::lagBytes).orElse(-1L) : -1,
        lag(from),
        sending.flowing(),
        sending.sender().map(Flow.Sender::retained).orElse(0L),
        problem);
  }

  private static String problem(Colour from, Seen sending, Seen receiving) {
    if (!sending.reachable()) {
      return sending.problem();
    }
    if (!receiving.reachable()) {
      return receiving.problem();
    }
    if (sending.sender().isEmpty()) {
      return "the slot on " + from + " is gone";
    }
    if (receiving.receiver().isEmpty()) {
      return "the subscription on " + from.other() + " is gone";
    }
    if (sending.sender().get().walStatus().equals("lost")) {
      return "the slot on " + from + " has lost its log; give the release up and copy again";
    }
    return sending.sender().get().active() || receiving.receiver().get().working()
        ? ""
        : from.other() + " is not connected to " + from;
  }

  /// From the marker, else from what the sending server measured; null when neither is fresh, or a
  /// side is not seen.
  private @Nullable Duration lag(Colour from) {
    Seen sending = seen(from);
    if (!sending.reachable() || !seen(from.other()).reachable()) {
      return null;
    }
    Duration measured = heartbeat(from).lag();
    if (measured != null) {
      return measured;
    }
    if (sending.sender().isEmpty() || !sending.sender().get().active()) {
      return null;
    }
    Flow.Sender sender = sending.sender().get();
    // The server has nothing to measure when nothing is under way.
    return sender.lag() == null && sender.lagBytes() == 0 ? Duration.ZERO : sender.lag();
  }

  /// The colour whose tables are seen open for writes, while the other side is seen shut or empty,
  /// or is not seen.
  ///
  /// Null means one of these, and never more than that:
  /// - neither side is seen: nobody asked yet, or none has answered for three polls;
  /// - the side that is seen is shut, empty, or shut in part: whether the other one takes writes is
  ///   not known, whatever it said before;
  /// - both are seen, and both take writes, or neither does, or one is shut in part.
  ///
  /// A side that is not seen may take writes as well; that nothing is lost then is for the gates
  /// and for [#risk] to say.
  @Override
  public @Nullable Colour live() {
    Seen blue = seen(Colour.BLUE);
    Seen green = seen(Colour.GREEN);
    if (open(blue) && !green.writable()) {
      return Colour.BLUE;
    }
    return open(green) && !blue.writable() ? Colour.GREEN : null;
  }

  private static boolean open(Seen side) {
    return side.reachable() && side.fence() == Fence.State.OPEN;
  }

  @Override
  public List<GateView> gates(Move move, Colour origin) {
    return new Gates(
            pair,
            routes,
            move,
            origin,
            seen(move.from()),
            seen(move.to()),
            found(),
            lag(move.from()),
            lag(move.to()))
        .all();
  }

  @Override
  public List<Step> steps(Phase phase, Move move, ReleaseInfo release) {
    if (consistency.release != release.number()) {
      consistency = Compared.NOTHING;
    }
    SetupSteps setup = new SetupSteps(pair, fencing, migrations, routes, release);
    ChannelSteps channels =
        new ChannelSteps(
            pair,
            fencing,
            routes,
            release,
            found -> consistency = new Compared(release.number(), found));
    return switch (phase) {
      case INITIALIZE -> setup.initialize();
      case PREPARE -> setup.prepare();
      case REPLICATE -> channels.replicate();
      case SYNCHRONIZE -> channels.synchronize();
      case CUT_OVER -> cutover.steps(move, release);
      case WATCH -> List.of();
      case CLEAN_UP -> channels.cleanUp();
    };
  }

  @Override
  public Risk risk(Move move) {
    Seen from = seen(move.from());
    Seen to = seen(move.to());
    if (!to.reachable()) {
      String problem = to.asked() ? to.problem() : move.to() + " was not asked yet";
      return new Risk(false, 0, problem + "; there is nothing to go to.");
    }
    if (to.receiver().isEmpty() || (from.reachable() && from.sender().isEmpty())) {
      return new Risk(
          false, 0, "Nothing is replicated from " + move.from() + " to " + move.to() + " yet.");
    }
    String obstacle = routes.obstacle(move.to());
    if (!obstacle.isEmpty()) {
      return new Risk(false, 0, "Traffic cannot go to " + move.to() + ": " + obstacle + ".");
    }
    if (!from.reachable()) {
      return new Risk(
          true,
          -1,
          move.from()
              + (from.at().equals(Instant.EPOCH)
                  ? " has not answered this console yet"
                  : " has not answered since " + UTC.format(from.at()) + " UTC")
              + "; writes that it took shortly before and that had not reached "
              + move.to()
              + " would be lost. "
              + from.sender()
                  .map(sender -> "It was then " + sender.lagBytes() + " bytes ahead.")
                  .orElse("How far it was ahead is not known."));
    }
    if (!problem(move.from(), from, to).isEmpty()) {
      return new Risk(
          false, 0, problem(move.from(), from, to) + "; the switch would wait for it in vain.");
    }
    String altered = from.definitions().altered(to.definitions());
    if (!altered.isEmpty()) {
      return new Risk(true, -1, altered);
    }
    List<TableName> both =
        from.unreplicated().stream().filter(to.unreplicated()::contains).toList();
    if (!both.isEmpty()) {
      return new Risk(
          true,
          -1,
          list(both)
              + (both.size() == 1 ? " was" : " were")
              + " created on both sides after the release began and "
              + (both.size() == 1 ? "is" : "are")
              + " not replicated: rows that "
              + move.from()
              + " has there and "
              + move.to()
              + " lacks would be lost.");
    }
    if (open(from) && to.writable()) {
      return new Risk(
          true,
          -1,
          "Both databases take writes, so what each of them has is not known to reach the other.");
    }
    Duration lag = lag(move.from());
    if (lag == null || lag.compareTo(Gates.LONGEST_BACK) > 0) {
      return new Risk(
          true,
          0,
          (lag == null
                  ? "How far " + move.to() + " is behind is not known"
                  : move.to() + " is more than " + Gates.LONGEST_BACK.toSeconds() + " s behind")
              + ": the switch waits for the last write on "
              + move.from()
              + ", and is taken back when that takes too long."
              + (to.blockers().isEmpty()
                  ? ""
                  : " In the way may be " + to.blockers().getFirst() + "."));
    }
    return new Risk(
        true,
        0,
        "Every write on "
            + move.from()
            + " reaches "
            + move.to()
            + ", and the switch waits for the last one."
            + (from.unreplicated().isEmpty()
                ? ""
                : " Rows of "
                    + list(from.unreplicated())
                    + ", only there, stay on "
                    + move.from()
                    + "."));
  }

  private static String list(List<TableName> names) {
    String some =
        names.stream().limit(NAMED).map(TableName::toString).collect(Collectors.joining(", "));
    return names.size() <= NAMED ? some : some + " and " + (names.size() - NAMED) + " more tables";
  }

  @Override
  public Optional<String> silent(Colour side) {
    Seen seen = seen(side);
    return seen.reachable() || !seen.asked() ? Optional.empty() : Optional.of(seen.problem());
  }

  /// Both sides are seen to take writes, and none owes its closing.
  @Override
  public Optional<String> astray(Colour live) {
    Seen here = seen(live);
    Seen there = seen(live.other());
    return open(here) && there.writable() && here.debt().isEmpty() && there.debt().isEmpty()
        ? Optional.of(live + " is live, and " + live.other() + " takes writes, too.")
        : Optional.empty();
  }

  /// What both took meanwhile may differ: nothing is called identical any more.
  @Override
  public void mend(Colour live, StepContext context) throws SQLException, InterruptedException {
    fencing.close(live.other(), context);
    for (Colour colour : Colour.values()) {
      fencing.guarded(
          colour,
          context,
          c -> {
            Fencing.forget(c, "compared");
          });
    }
    consistency = Compared.NOTHING;
  }

  /// The tables that the release carried to its target, with their rows and indexes.
  @Override
  public String thrownAway(Colour target) {
    Seen side = seen(target);
    if (!side.reachable()) {
      return "its tables, size unknown";
    }
    return side.held() == 0 ? "no table was carried there yet" : Bytes.of(side.held()) + " copied";
  }

  /// Both servers at once; a hanging one costs its own timeout only.
  @Override
  public void refresh() {
    List<Thread> looks = new ArrayList<>();
    for (ServerWatch watch : watches.values()) {
      looks.add(Thread.ofVirtual().start(watch::lookThoroughly));
    }
    looks.addAll(routes.refresh());
    for (Thread look : looks) {
      try {
        look.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /// After each look. Closes a side that could not be closed when it did not answer.
  private void seen() {
    if (closed
        || epoch.get() == 0
        || !watches.values().stream().allMatch(w -> w.seen().reachable())) {
      return;
    }
    for (Colour creditor : Colour.values()) {
      if (seen(creditor).debt().isPresent() && paying.compareAndSet(false, true)) {
        Thread.ofVirtual().name("debt").start(() -> pay(creditor));
      }
    }
  }

  private void pay(Colour creditor) {
    try {
      String paid = debts.pay(new BetweenSteps(epoch.get(), creditor), creditor);
      if (!paid.isEmpty()) {
        LOG.warn("{}", paid);
      }
    } catch (SQLException e) {
      LOG.warn("a side could not be closed yet: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      paying.set(false);
    }
  }

  @Override
  public void close() {
    closed = true;
    watches.values().forEach(ServerWatch::close);
    heartbeats.values().forEach(Heartbeat::close);
    routes.close();
    cutover.close();
  }
}
