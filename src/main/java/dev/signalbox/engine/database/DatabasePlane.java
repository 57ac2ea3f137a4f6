package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.SizeText;
import dev.signalbox.engine.database.barrier.Barrier;
import dev.signalbox.engine.database.barrier.PendingCloses;
import dev.signalbox.engine.database.barrier.TableFence;
import dev.signalbox.engine.database.migration.Migrations;
import dev.signalbox.engine.database.move.MoveState;
import dev.signalbox.engine.database.move.MoveSteps;
import dev.signalbox.engine.database.pair.Blockers;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.pair.PlaneValues;
import dev.signalbox.engine.database.replication.NativeSync;
import dev.signalbox.engine.database.route.DatabaseRoute;
import dev.signalbox.engine.database.route.Routes;
import dev.signalbox.engine.database.route.SwitchedRoute;
import dev.signalbox.engine.database.sync.Heartbeat;
import dev.signalbox.engine.database.sync.Sync;
import dev.signalbox.engine.environment.DatabaseSettings;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.Identity;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.Plane;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.engine.release.model.Risk;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The database plane of an environment: two PostgreSQL servers. Thread-safe.
///
/// Each server is watched on a thread and a connection of its own, so one that hangs does not age
/// the view of the other. Whatever changes anything carries the epoch of the step's context;
/// between steps the plane only writes its marker, and closes a side that is still to be closed
/// ([PendingCloses]), with the epoch it was last given.
public final class DatabasePlane implements Plane {
  private static final Logger LOG = LoggerFactory.getLogger(DatabasePlane.class);
  private static final Duration BEAT = Duration.ofMillis(250);

  private final DatabasePair pair;
  private final Migrations migrations;
  private final Sync sync;
  private final Barrier barrier;
  private final PendingCloses pending;
  private final Routes routes;
  private final MoveState moveState;
  private final Map<Colour, ServerWatch> watches = new EnumMap<>(Colour.class);
  private final Map<Colour, Heartbeat> heartbeats = new EnumMap<>(Colour.class);
  private final Directions directions;
  private final ComparedData compared;
  private final AtomicLong epoch = new AtomicLong();
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean closed;

  /// Without a route that is switched.
  public DatabasePlane(
      String environment,
      DatabaseSettings settings,
      Map<Colour, PostgresServer> servers,
      List<DatabaseRoute> routes) {
    this(environment, settings, servers, routes, List.of());
  }

  /// Connects to nothing yet.
  ///
  /// @param environment its name; publications, slots and subscriptions are named after it
  /// @param servers one for each colour; they stay the caller's to close
  /// @param routes how the applications of each stack learn which database is theirs
  /// @param switched what leads all applications to one side or the other; closed with this
  public DatabasePlane(
      String environment,
      DatabaseSettings settings,
      Map<Colour, PostgresServer> servers,
      List<DatabaseRoute> routes,
      List<SwitchedRoute> switched) {
    this.pair = new DatabasePair(environment, settings, new EnumMap<>(servers));
    this.migrations = new Migrations(settings.migrations(), settings.schemas());
    this.sync = new NativeSync(pair);
    this.barrier = new TableFence(pair);
    this.pending = new PendingCloses(pair, barrier, sync);
    this.routes = new Routes(routes, switched, this::identity, settings.poll());
    this.moveState = new MoveState(pair, barrier);
    this.directions = new Directions(this::seen, from -> heartbeat(from).lag());
    this.compared = new ComparedData(this::seen);
    for (Colour colour : Colour.values()) {
      watches.put(colour, new ServerWatch(pair, sync, colour, migrations, this::seen));
      heartbeats.put(
          colour,
          new Heartbeat(
              pair.from(colour),
              pair.server(colour),
              pair.server(colour.other()),
              BEAT,
              epoch::get,
              () -> directions.connected(colour)));
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
    routes.switched().driving(newest != 0);
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

  /// The stack on which the release began that is set up in the databases, as either of them said
  /// last; empty without one, or when neither answered yet.
  public Optional<Colour> releaseOrigin() {
    String origin = seen(Colour.BLUE).values().origin();
    String known = origin.isEmpty() ? seen(Colour.GREEN).values().origin() : origin;
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
            origin,
            directions.direction(origin),
            directions.direction(origin.other()),
            directions.progress(origin)),
        compared.seen(epoch.get() != 0),
        Map.copyOf(applications),
        routes.switched().views(),
        blockers());
  }

  private Map<Colour, List<DatabaseView.Blocker>> blockers() {
    Map<Colour, List<DatabaseView.Blocker>> all = new EnumMap<>(Colour.class);
    for (Colour colour : Colour.values()) {
      if (seen(colour).reachable()) {
        all.put(colour, seen(colour).activity().blockers());
      }
    }
    return Map.copyOf(all);
  }

  @Override
  public Optional<Outcome> obey(Command.OnPlane command, long driving) {
    return command instanceof Command.EndSession end && end.plane().equals(id())
        ? Optional.of(endSession(end, driving))
        : Optional.empty();
  }

  private Outcome endSession(Command.EndSession end, long driving) {
    try {
      Optional<DatabaseView.Blocker> ended =
          Guarded.transaction(
              pair.server(end.side()),
              "plane",
              DatabasePair.ANSWER,
              driving,
              h -> Blockers.end(h, end.pid(), end.terminate()));
      return ended
          .<Outcome>map(blocker ->
              new Outcome.Done(
                  (end.terminate() ? "Terminated: " : "Cancelled the statement of: ") + blocker))
          .orElseGet(() ->
              new Outcome.Refused(
                  "Session "
                      + end.pid()
                      + " of "
                      + end.side()
                      + " holds nothing up: it has ended, or its transaction has."));
    } catch (SQLException e) {
      return new Outcome.Failed(
          "Session " + end.pid() + " of " + end.side() + " could not be ended: " + e.getMessage());
    }
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
        s.activity().version(),
        s.activity().position(),
        s.activity().size(),
        access,
        s.activity().sessions().connections(),
        s.activity().sessions().openTransactions(),
        s.activity().sessions().oldest(),
        s.activity().transactionsPerSecond(),
        s.content().migrations().version(),
        s.content().migrations().pending(),
        s.content().largest(),
        s.reachable() ? s.activity().encryption() : DatabaseView.Encryption.UNKNOWN);
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
    if (blue.open() && !green.writable()) {
      return Colour.BLUE;
    }
    return green.open() && !blue.writable() ? Colour.GREEN : null;
  }

  private Situation situation(Move move, Colour origin) {
    return new Situation(
        pair,
        move,
        origin,
        seen(move.from()),
        seen(move.to()),
        compared.holding(epoch.get() != 0),
        directions.lag(move.from()),
        directions.lag(move.to()));
  }

  @Override
  public List<Gate> gates(Move move, Colour origin) {
    return new Gates(situation(move, origin), routes).all();
  }

  @Override
  public Risk risk(Move move) {
    return new MoveRisk(situation(move, origin()), routes, directions.problem(move.from())).risk();
  }

  @Override
  public List<Step> steps(Phase phase, Move move, ReleaseInfo release) {
    SetupSteps setup = new SetupSteps(pair, barrier, sync, migrations, release);
    RouteSteps route = new RouteSteps(pair, routes, release);
    CheckSteps checks =
        new CheckSteps(pair, barrier, release, found -> compared.accept(release.number(), found));
    return switch (phase) {
      case INITIALIZE -> setup.initialize();
      case PREPARE -> together(Stream.of(route.point(), setup.prepare()));
      case REPLICATE -> sync.copy(release);
      case SYNCHRONIZE ->
          together(
              Stream.of(
                  setup.complete(),
                  List.of(checks.analyze()),
                  setup.migrate(),
                  sync.wayBack(release),
                  checks.proofs(),
                  route.acknowledge()));
      case CUT_OVER ->
          new MoveSteps(
                  pair, barrier, sync, pending, routes, moveState, move, release, compared::forget)
              .all();
      case WATCH -> List.of();
      case CLEAN_UP -> new CleanUpSteps(pair, barrier, sync, routes.switched()).all();
    };
  }

  private static List<Step> together(Stream<List<Step>> parts) {
    return parts.flatMap(List::stream).toList();
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
    return here.open()
            && there.writable()
            && here.values().pending().isEmpty()
            && there.values().pending().isEmpty()
        ? Optional.of(live + " is live, and " + live.other() + " takes writes, too.")
        : Optional.empty();
  }

  /// What both took meanwhile may differ: nothing is called identical any more.
  @Override
  public void mend(Colour live, StepContext context) throws SQLException, InterruptedException {
    barrier.close(live.other(), context);
    for (Colour colour : Colour.values()) {
      pair.guarded(colour, context, h -> PlaneValues.forget(h, "compared"));
    }
    compared.forget();
  }

  /// The tables that the release carried to its target, with their rows and indexes.
  @Override
  public String thrownAway(Colour target) {
    Seen side = seen(target);
    if (!side.reachable()) {
      return "its tables, size unknown";
    }
    return side.content().held() == 0
        ? "no table was carried there yet"
        : SizeText.words(side.content().held()) + " copied";
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
    for (Colour colour : Colour.values()) {
      if (seen(colour).values().pending().isPresent() && closing.compareAndSet(false, true)) {
        Thread.ofVirtual().name("pending close").start(() -> closePending(colour));
      }
    }
  }

  private void closePending(Colour on) {
    try {
      BetweenSteps between = new BetweenSteps(epoch.get(), on);
      String done = pending.close(between, on);
      if (!done.isEmpty()) {
        LOG.warn("{}", done);
        routes.switched().prepare(on, between.epoch());
      }
    } catch (SQLException | IOException e) {
      LOG.warn("a side could not be closed yet: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closing.set(false);
    }
  }

  @Override
  public void close() {
    closed = true;
    watches.values().forEach(ServerWatch::close);
    heartbeats.values().forEach(Heartbeat::close);
    routes.close();
    moveState.close();
  }
}
