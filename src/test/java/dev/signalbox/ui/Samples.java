package dev.signalbox.ui;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Access;
import dev.signalbox.engine.DatabaseView.Consistency;
import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.EngineSnapshot.History;
import dev.signalbox.engine.EngineSnapshot.Mark;
import dev.signalbox.engine.EngineSnapshot.Sample;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Health;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Lsn;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.PlaneView;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.engine.ReleaseView.PhaseView;
import dev.signalbox.engine.ReleaseView.Status;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.WayBack;
import dev.signalbox.support.SampleLevers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// States of an engine to draw and test the window with. The figures are invented.
public final class Samples {
  public static final Instant NOW = Instant.parse("2026-11-21T14:32:07Z");
  private static final Direction ABSENT = new Direction(Direction.State.ABSENT, -1, null, 0, 0, "");

  private String environment = "orders · production";
  private @Nullable Colour live = Colour.BLUE;
  private LeaseView lease = new LeaseView(true, "desk-3", 7, NOW.plusSeconds(9));
  private @Nullable ReleaseView release;
  private @Nullable ApplicationView application = application(Colour.BLUE, false, 0, true);
  private @Nullable DatabaseView database;
  private List<GateView> gates = List.of();
  private String locked = "no release is under way";
  private String thrownAway = "31 GB copied";
  private WayBack wayBack =
      new WayBack(false, Colour.BLUE, null, 0, "No release is under way.", "");
  private History history = History.NONE;
  private @Nullable Instant journalReadAt = NOW;
  private long version = 1;
  private long lastEvent;

  private Samples() {
    database = database(Colour.BLUE, ABSENT, ABSENT, Consistency.State.NOT_RUN, true);
  }

  /// All of them, by name, in the order of a release.
  public static Map<String, EngineSnapshot> all() {
    Map<String, EngineSnapshot> all = new java.util.LinkedHashMap<>();
    all.put("idle", idle());
    all.put("copying", copying());
    all.put("ready", ready());
    all.put("switching", switching());
    all.put("after", after());
    all.put("rolled-back", rolledBack());
    all.put("green-dead", greenDead());
    all.put("viewer", viewer());
    all.put("no-data", noData());
    all.put("too-much", tooMuch());
    all.put("dead-from-start", deadFromTheStart());
    all.put("fine-then-dead", wasFineThenDied());
    all.put("rolling-back", rollingBack());
    all.put("way-back-lost", wayBackLost());
    all.put("giving-up", givingUp());
    all.put("no-majority", noMajority());
    all.put("one-silent", oneVoterSilent());
    all.put("entry-dead", entryDead());
    all.put("starting", starting());
    all.put("over-budget", overBudget());
    all.put("given-up", givenUp());
    all.put("compared-in-part", comparedInPart());
    return all;
  }

  public static EngineSnapshot idle() {
    return new Samples().build();
  }

  public static EngineSnapshot copying() {
    Samples s = new Samples();
    s.release = release(new Status.Running("copy orders"), Phase.REPLICATE, List.of());
    Direction copying =
        new Direction(Direction.State.COPYING, -1, null, 41_200_000, 128_000_000, "");
    s.database = database(Colour.BLUE, copying, ABSENT, Consistency.State.NOT_RUN, false);
    s.gates = gates(GateView.State.PENDING, GateView.State.PENDING);
    s.locked = "rows are still being copied";
    s.wayBack = back(Colour.BLUE, null);
    s.history = history(240, false);
    return s.build();
  }

  public static EngineSnapshot ready() {
    Samples s = new Samples();
    s.release = release(new Status.Ready(), Phase.CUT_OVER, List.of());
    s.database = streaming(Colour.BLUE);
    s.gates = gates(GateView.State.OPEN, GateView.State.OPEN);
    s.locked = "";
    s.wayBack = back(Colour.BLUE, null);
    s.history = history(600, false);
    return s.build();
  }

  public static EngineSnapshot verifying() {
    Samples s = new Samples();
    s.release = release(new Status.Running("compare orders"), Phase.SYNCHRONIZE, List.of());
    s.database = streaming(Colour.BLUE);
    s.gates = gates(GateView.State.PENDING, GateView.State.OPEN);
    s.locked = "'Data identical' is not proven yet: verifying, 61 %";
    s.wayBack = back(Colour.BLUE, null);
    s.history = history(600, false);
    return s.build();
  }

  public static EngineSnapshot switching() {
    Samples s = new Samples();
    MoveView move =
        new MoveView(Move.to(Colour.GREEN), MoveView.Result.UNDER_WAY, NOW, null, List.of());
    s.release =
        release(
            new Status.Moving(Move.to(Colour.GREEN), "wait for the last write on green"),
            Phase.CUT_OVER,
            List.of(move));
    s.live = null;
    s.application = application(Colour.BLUE, true, 23, true);
    s.database = streaming(null);
    s.gates = gates(GateView.State.OPEN, GateView.State.OPEN);
    s.locked = "traffic is moving";
    s.wayBack = back(Colour.BLUE, null);
    s.history = history(600, false);
    return s.build();
  }

  public static EngineSnapshot after() {
    Samples s = new Samples();
    s.release = release(new Status.Watching(), Phase.WATCH, List.of(moved(Colour.GREEN, 41)));
    s.live = Colour.GREEN;
    s.application = application(Colour.GREEN, false, 0, true);
    s.database = streaming(Colour.GREEN);
    s.gates = gates(GateView.State.OPEN, GateView.State.OPEN);
    s.locked = "green is live already";
    s.wayBack =
        new WayBack(
            true,
            Colour.BLUE,
            Duration.ofMillis(41),
            0,
            "Blue follows green, 12 ms behind; holds while replication runs and 64 GB of log fit.",
            "");
    s.history = history(600, true);
    return s.build();
  }

  public static EngineSnapshot rolledBack() {
    Samples s = new Samples();
    s.release =
        release(
            new Status.Ready(),
            Phase.CUT_OVER,
            List.of(moved(Colour.GREEN, 41), moved(Colour.BLUE, 37)));
    s.database = streaming(Colour.BLUE);
    s.gates = gates(GateView.State.OPEN, GateView.State.OPEN);
    s.locked = "";
    s.wayBack = back(Colour.BLUE, Duration.ofMillis(800));
    s.history = history(600, false);
    return s.build();
  }

  public static EngineSnapshot greenDead() {
    Samples s = new Samples();
    s.release =
        release(
            new Status.Holding(
                "Green's database does not answer: connection to 127.0.0.1:5433 refused. Start it"
                    + " again; the release goes on by itself, or roll back to blue."),
            Phase.WATCH,
            List.of(moved(Colour.GREEN, 41)));
    s.live = null;
    s.application = application(Colour.GREEN, true, 118, false);
    Direction broken =
        new Direction(
            Direction.State.BROKEN,
            -1,
            null,
            0,
            48_000_000,
            "blue cannot reach green: connection refused");
    s.database =
        dead(database(Colour.GREEN, broken, broken, Consistency.State.FAILED, true), Colour.GREEN);
    s.gates = gates(GateView.State.CLOSED, GateView.State.CLOSED);
    s.locked = "green's database does not answer";
    s.wayBack =
        new WayBack(
            true,
            Colour.BLUE,
            Duration.ofSeconds(1),
            -1,
            "Green does not answer, so it cannot be known which of its last writes reached blue."
                + " The last one that did was committed at 14:31:58 UTC.",
            "lose writes on green");
    s.history = history(600, true);
    return s.build();
  }

  public static EngineSnapshot viewer() {
    return ready()
        .with(p -> {
          p.lease = new LeaseView(false, "anna@desk-1", 6, NOW.plusSeconds(8));
          p.levers =
              SampleLevers.elsewhere(
                  "anna@desk-1 drives this environment (epoch 6). This console looks on.",
                  p.levers);
        });
  }

  /// Green and the entry are gone: what is left cannot give the lease.
  public static EngineSnapshot noMajority() {
    return greenDead()
        .with(p -> {
          p.lease = new LeaseView(false, "", 7, null, List.of("green", "entry"), false);
          p.live = null;
          p.see(silent(Objects.requireNonNull(p.snapshot().application()), NOW.minusSeconds(20)));
          p.history = gap(p.history, NOW.minusSeconds(20));
          p.levers = SampleLevers.nobodyDrives(p.lease.silence());
        });
  }

  /// Before its cutover: the query cluster does not answer.
  public static EngineSnapshot clusterDead() {
    List<GateView> gates = new ArrayList<>(ready().gates());
    gates.add(
        new GateView(
            "strategy.cluster",
            "Cluster on blue",
            GateView.State.CLOSED,
            "it does not answer: connection refused"));
    return ready()
        .with(p -> {
          p.see(StrategySamples.unreachable());
          p.gates = gates;
          p.levers =
              SampleLevers.cutOver("Cluster on blue: it does not answer: connection refused");
        });
  }

  /// Before its cutover: the entry does not answer, everything else does.
  public static EngineSnapshot entryDead() {
    Instant last = NOW.minusSeconds(20);
    return ready()
        .with(p -> {
          p.lease = new LeaseView(true, "desk-3", 7, NOW.plusSeconds(9), List.of("entry"), true);
          p.live = null;
          p.see(silent(Objects.requireNonNull(p.snapshot().application()), last));
          p.history = gap(p.history, last);
          p.levers = SampleLevers.cutOver("Router on Blue: the router has not answered for 20 s");
        });
  }

  /// One database is gone; two of three still give the lease.
  public static EngineSnapshot oneVoterSilent() {
    return greenDead()
        .with(p ->
            p.lease = new LeaseView(true, "desk-3", 7, NOW.plusSeconds(9), List.of("green"), true));
  }

  public static EngineSnapshot noData() {
    Samples s = new Samples();
    s.live = null;
    s.lease = new LeaseView(false, "", 0, null);
    s.application = null;
    s.database = null;
    s.journalReadAt = null;
    return s.build();
  }

  public static EngineSnapshot tooMuch() {
    Samples s = new Samples();
    s.environment = "customer-relationship-and-order-management · production-europe-west-1";
    s.lease = new LeaseView(false, "maximiliana.featherstonehaugh@release-desk-17", 1_204, null);
    String name = "2026.11.21-release-candidate.4+build.80512";
    ReleaseView release =
        release(
            new Status.Holding(
                "A transaction on blue has been open for 3 h 05 m (pid 1180244, UPDATE"
                    + " order_items SET price = price * 1.02 WHERE …). End it with"
                    + " pg_terminate_backend(1180244), or wait; the release goes on by itself."),
            Phase.SYNCHRONIZE,
            List.of(moved(Colour.GREEN, 4_141), moved(Colour.BLUE, 98)));
    s.release =
        new ReleaseView(
            104_211,
            name,
            release.origin(),
            release.target(),
            release.status(),
            release.phase(),
            release.phases(),
            release.next(),
            release.moves(),
            release.startedAt(),
            null);
    s.database = huge();
    List<GateView> many = new ArrayList<>(gates(GateView.State.CLOSED, GateView.State.PENDING));
    for (int i = 0; i < 12; i++) {
      many.add(
          new GateView(
              "extra." + i,
              "Every table of schema billing_archive_" + i + " has a replica identity",
              i % 4 == 0 ? GateView.State.CLOSED : GateView.State.OPEN,
              "checked 5,000 tables in 1.9 s; invoices_by_customer_and_month_partition_2019_0"
                  + i
                  + " has none: ALTER TABLE … REPLICA IDENTITY FULL"));
    }
    s.gates = many;
    s.locked =
        "'No long transaction' is closed: pid 1180244 on blue has been open for 3 h 05 m, see the"
            + " gate";
    s.wayBack =
        new WayBack(true, Colour.BLUE, Duration.ofMinutes(12), 1_204_551, "…", "lose 1204551");
    s.history = history(600, false);
    s.lastEvent = 100_000;
    s.version = 9_000_000;
    return s.build();
  }

  /// `count` events, the last with sequence `count`.
  public static List<EngineEvent> events(int count) {
    List<EngineEvent> events = new ArrayList<>(count);
    String[] texts = {
      "compared orders, 12,104,221 rows: identical at 0/3A7E9F00",
      "way back armed: marker 7 came back to blue in 9 ms",
      "sequences carried: 14, margin 1,000",
      "lag 1.9 s for 8 s while an index was built on green; the release goes on by itself",
      "copy finished: 48,211,904 rows in 6 m 12 s",
      "migration 38 applied to green",
    };
    EventPayload[] payloads = {
      new EventPayload.GateSeen(GateView.State.OPEN),
      new EventPayload.StepDone(Duration.ofMillis(740), 7),
      new EventPayload.StepDone(Duration.ofMillis(740), 7),
      EventPayload.Plain.HOLDING,
      EventPayload.Plain.PHASE_DONE,
      new EventPayload.StepDone(Duration.ofMillis(740), 7),
    };
    for (int i = 1; i <= count; i++) {
      int which = (count - i) % texts.length;
      events.add(
          new EngineEvent(
              i,
              NOW.minusSeconds(31L * (count - i)),
              42,
              7,
              "desk-3",
              payloads[which],
              Phase.SYNCHRONIZE,
              "compare",
              texts[which]));
    }
    return events;
  }

  /// The same state with another strategy plane; null for none.
  public static EngineSnapshot with(EngineSnapshot s, @Nullable StrategyView strategy) {
    return s.with(p -> {
      p.planes = p.planes.stream().filter(view -> !(view instanceof StrategyView)).toList();
      if (strategy != null) {
        p.see(strategy);
      }
    });
  }

  /// The same state, seen at another moment as if everything had been looked at just before it, and
  /// with another version.
  public static EngineSnapshot at(EngineSnapshot s, Instant at, long version, long lastEvent) {
    Duration later = Duration.between(s.at(), at);
    ApplicationView a = s.application();
    DatabaseView d = s.database();
    Instant readAt = s.journalReadAt();
    return s.with(p -> {
      p.version = version;
      p.at = at;
      p.journalReadAt = readAt == null ? null : readAt.plus(later);
      if (a != null) {
        p.see(new ApplicationView(a.at().plus(later), a.stacks(), a.router()));
      }
      if (d != null) {
        p.see(at(d, later));
      }
      p.lastEvent = lastEvent;
    });
  }

  /// The same state, with a journal that was read last at another moment.
  public static EngineSnapshot journalReadAt(EngineSnapshot s, @Nullable Instant readAt) {
    return s.with(p -> p.journalReadAt = readAt);
  }

  private static DatabaseView at(DatabaseView view, Duration later) {
    Map<Colour, DatabaseView.Server> servers = new EnumMap<>(Colour.class);
    view.servers()
        .forEach((colour, server) -> servers.put(colour, at(server, server.at().plus(later))));
    return new DatabaseView(
        view.id(),
        view.at().plus(later),
        servers,
        view.replication(),
        view.consistency(),
        view.applications());
  }

  private static DatabaseView.Server at(DatabaseView.Server server, Instant at) {
    return changed(server, server.reachable(), at, server.problem(), server.access());
  }

  static DatabaseView.Server changed(
      DatabaseView.Server server, boolean reachable, Instant at, String problem, Access access) {
    return new DatabaseView.Server(
        server.colour(),
        reachable,
        at,
        problem,
        server.serverVersion(),
        server.position(),
        server.size(),
        access,
        server.connections(),
        server.openTransactions(),
        server.oldestTransaction(),
        server.transactionsPerSecond(),
        server.schemaVersion(),
        server.pendingMigrations(),
        server.largest());
  }

  /// The same database with another replication.
  public static DatabaseView replicating(DatabaseView view, DatabaseView.Replication replication) {
    return new DatabaseView(
        view.id(), view.at(), view.servers(), replication, view.consistency(), view.applications());
  }

  /// Nothing answered since the window opened: what the engine publishes then.
  public static EngineSnapshot deadFromTheStart() {
    Samples s = new Samples();
    s.live = null;
    s.lease = new LeaseView(false, "", 0, null);
    s.journalReadAt = null;
    s.application = silent(application(Colour.BLUE, false, 0, false), Instant.EPOCH);
    s.database = silent(streaming(null), Instant.EPOCH);
    s.history = unknownHistory();
    return s.build();
  }

  /// A release that was ready for its cutover, then router, stacks and both servers fell silent.
  public static EngineSnapshot wasFineThenDied() {
    Instant last = NOW.minusSeconds(48);
    EngineSnapshot ready = ready();
    Samples s = new Samples();
    s.live = null;
    s.release = ready.release();
    s.journalReadAt = last;
    s.gates = ready.gates();
    s.locked = "In step: not known, green does not answer";
    s.application = silent(application(Colour.BLUE, false, 0, true), last);
    s.database = silent(streaming(null), last);
    s.history = gap(ready.history(), last);
    s.thrownAway = "its tables, size unknown";
    return s.build();
  }

  /// The way back, under way.
  public static EngineSnapshot rollingBack() {
    Samples s = new Samples();
    MoveView move =
        new MoveView(Move.to(Colour.BLUE), MoveView.Result.UNDER_WAY, NOW, null, List.of());
    s.release =
        release(
            new Status.Moving(Move.to(Colour.BLUE), "wait for the last write on blue"),
            Phase.WATCH,
            List.of(moved(Colour.GREEN, 41), move));
    s.live = null;
    s.application = application(Colour.GREEN, true, 17, true);
    s.database = streaming(null);
    s.gates = gates(GateView.State.OPEN, GateView.State.OPEN);
    s.locked = "'Roll back' is under way.";
    s.wayBack =
        new WayBack(
            false, Colour.BLUE, Duration.ofMillis(41), 0, "The way back to BLUE is under way.", "");
    s.history = history(600, true);
    return s.build();
  }

  /// The way back holds, and blue, which it was to open, is lost.
  public static EngineSnapshot wayBackLost() {
    Samples s = new Samples();
    MoveView move =
        new MoveView(Move.to(Colour.BLUE), MoveView.Result.UNDER_WAY, NOW, null, List.of());
    s.release =
        release(
            new Status.Holding(
                "blue does not answer, so nobody knows whether it was opened. Bring it back, then"
                    + " resume."),
            Phase.WATCH,
            List.of(moved(Colour.GREEN, 41), move));
    s.live = null;
    s.application = application(Colour.GREEN, true, 0, true);
    s.database = dead(streaming(null), Colour.BLUE);
    s.gates = gates(GateView.State.CLOSED, GateView.State.CLOSED);
    s.locked = "A switch is neither done nor undone: resume, or roll back.";
    s.wayBack =
        new WayBack(
            true,
            Colour.GREEN,
            Duration.ofMillis(41),
            -1,
            "The way back to blue is taken back, and what blue took is lost. blue does not answer.",
            "lose writes of blue");
    s.history = history(600, true);
    return s.build();
  }

  /// The release is given up: what it did is being undone.
  public static EngineSnapshot givingUp() {
    Samples s = new Samples();
    s.release =
        release(
            new Status.GivingUp("drop the copied tables on green"), Phase.SYNCHRONIZE, List.of());
    s.release = undone(Objects.requireNonNull(s.release), PhaseView.State.UNDOING, null);
    s.gates = gates(GateView.State.PENDING, GateView.State.PENDING);
    s.locked = "The release is being given up.";
    s.wayBack =
        new WayBack(
            false, Colour.BLUE, null, 0, "BLUE is live, so there is nothing to move back.", "");
    s.history = history(300, false);
    return s.build();
  }

  /// Its stack is being deployed, and does not answer yet.
  public static EngineSnapshot starting() {
    EngineSnapshot copying = copying();
    List<GateView> gates = new ArrayList<>(copying.gates());
    gates.add(
        new GateView(
            "application.target",
            "Green healthy",
            GateView.State.CLOSED,
            "GREEN: connection refused. Look at its log."));
    Direction half =
        new Direction(
            Direction.State.BROKEN, -1, null, 0, 16_000, "the subscription on GREEN is gone");
    DatabaseView database = Objects.requireNonNull(copying.database());
    return copying.with(p -> {
      p.release = release(new Status.Running("deploy green"), Phase.PREPARE, List.of());
      p.see(application(Colour.BLUE, false, 0, false));
      p.gates = gates;
      p.see(
          replicating(
              database, new DatabaseView.Replication(Colour.BLUE, half, ABSENT, List.of())));
    });
  }

  /// The cutover was made, and held writes longer than it was allowed to.
  public static EngineSnapshot overBudget() {
    return after()
        .with(p -> {
          p.release =
              release(new Status.Watching(), Phase.WATCH, List.of(moved(Colour.GREEN, 2_940)));
          p.predictedStall = Duration.ofMillis(2_940);
        });
  }

  /// The release ended with everything undone.
  public static EngineSnapshot givenUp() {
    Samples s = new Samples();
    s.release =
        undone(
            release(new Status.GivenUp(), Phase.SYNCHRONIZE, List.of()),
            PhaseView.State.UNDONE,
            NOW.minusSeconds(20));
    s.gates = gates(GateView.State.OPEN, GateView.State.OPEN);
    s.history = history(300, false);
    return s.build();
  }

  /// One table was compared just now, one long ago, one differs.
  public static EngineSnapshot comparedInPart() {
    EngineSnapshot ready = ready();
    List<Consistency.Compared> found =
        List.of(
            new Consistency.Compared(new TableName("public", "orders"), true, NOW.minusSeconds(40)),
            new Consistency.Compared(
                new TableName("public", "order_items"),
                true,
                NOW.minus(Consistency.HOLDS).minusSeconds(1)),
            new Consistency.Compared(
                new TableName("public", "customers"), false, NOW.minusSeconds(20)));
    return compared(
        ready,
        new Consistency(Consistency.State.DIFFERENT, 1, 3, 46_000_000, NOW, "1 table", found));
  }

  /// The same state with another comparison.
  public static EngineSnapshot compared(EngineSnapshot state, Consistency found) {
    DatabaseView view = Objects.requireNonNull(state.database());
    return state.with(p ->
        p.see(
            new DatabaseView(
                view.id(),
                view.at(),
                view.servers(),
                view.replication(),
                found,
                view.applications())));
  }

  private static ReleaseView undone(
      ReleaseView release, PhaseView.State state, @Nullable Instant endedAt) {
    return new ReleaseView(
        release.number(),
        release.version(),
        release.origin(),
        release.target(),
        release.status(),
        release.phase(),
        release.phases().stream()
            .map(phase ->
                phase.state() == PhaseView.State.WAITING
                    ? phase
                    : new PhaseView(phase.phase(), state, phase.took(), ""))
            .toList(),
        release.next(),
        release.moves(),
        release.startedAt(),
        endedAt);
  }

  private static ApplicationView silent(ApplicationView view, Instant last) {
    ApplicationView.Router router = view.router();
    return new ApplicationView(
        last,
        view.stacks(),
        new ApplicationView.Router(
            router.kind(),
            false,
            router.intended(),
            null,
            false,
            0,
            last.equals(Instant.EPOCH) ? Map.of() : router.traffic()));
  }

  private static DatabaseView silent(DatabaseView view, Instant last) {
    Map<Colour, DatabaseView.Server> servers = new EnumMap<>(Colour.class);
    for (Colour colour : Colour.values()) {
      String port = colour == Colour.BLUE ? "5432" : "5433";
      servers.put(
          colour,
          new DatabaseView.Server(
              colour,
              false,
              last,
              "Connection to 127.0.0.1:" + port + " refused. Start the server.",
              "",
              null,
              0,
              Access.UNKNOWN,
              0,
              0,
              Duration.ZERO,
              0,
              "",
              0,
              Objects.requireNonNull(view.servers().get(colour)).largest()));
    }
    Direction zero = new Direction(Direction.State.STREAMING, 0, Duration.ZERO, 0, 0, "");
    return new DatabaseView(
        "database",
        NOW,
        servers,
        new DatabaseView.Replication(Colour.BLUE, zero, zero, view.replication().tables()),
        view.consistency(),
        view.applications());
  }

  private static History unknownHistory() {
    List<Sample> samples = new ArrayList<>();
    for (int i = 20; i >= 0; i--) {
      samples.add(unknown(NOW.minusSeconds(i)));
    }
    return new History(samples, List.of());
  }

  private static Sample unknown(Instant at) {
    double unknown = Double.NaN;
    return new Sample(at, unknown, -1, unknown, -1, unknown, unknown, unknown);
  }

  /// Nothing was known any more after a moment.
  private static History gap(History history, Instant last) {
    return new History(
        history.samples().stream().map(s -> s.at().isAfter(last) ? unknown(s.at()) : s).toList(),
        history.marks());
  }

  private EngineSnapshot build() {
    return new EngineSnapshot(
        version,
        NOW,
        environment,
        live,
        lease,
        release,
        journalReadAt,
        Stream.<PlaneView>of(database, application).filter(Objects::nonNull).toList(),
        gates,
        levers(),
        Duration.ofSeconds(2),
        release == null || release.lastStanding() == null ? null : release.lastStanding().stall(),
        wayBack,
        history,
        lastEvent,
        Duration.ofSeconds(1));
  }

  private Map<LeverId, Lever> levers() {
    Map<LeverId, Lever> levers = new EnumMap<>(SampleLevers.of(locked, wayBack));
    levers.put(
        LeverId.GIVE_UP,
        new Lever.Free(
            "What release 42 built on green is thrown away: "
                + thrownAway
                + "; the application that it deployed there is stopped. blue stays live.",
            environment));
    return levers;
  }

  private static WayBack back(Colour to, @Nullable Duration estimate) {
    return new WayBack(
        true, to, estimate, 0, "Every step that was taken is undone; blue stays live.", "");
  }

  private static MoveView moved(Colour to, int stall) {
    return new MoveView(
        Move.to(to),
        MoveView.Result.DONE,
        NOW.minusSeconds(to == Colour.GREEN ? 150 : 60),
        Duration.ofMillis(stall),
        List.of());
  }

  private static ReleaseView release(Status status, Phase phase, List<MoveView> moves) {
    String[] details = {
      "journal and lease",
      "7 migrations, 31 checks",
      "48.2 M rows",
      "both ways · verified",
      status instanceof Status.Ready ? "waits for you" : "",
      "",
      "",
    };
    int[] seconds = {2, 11, 372, 41, 0, 150, 0};
    List<Phase> order = List.of(Phase.values());
    List<PhaseView> phases = new ArrayList<>();
    for (Phase each : order) {
      int i = order.indexOf(each);
      boolean here = each == phase;
      boolean holding = here && status instanceof Status.Holding;
      PhaseView.State state =
          holding
              ? PhaseView.State.HOLDING
              : here
                  ? PhaseView.State.RUNNING
                  : i < order.indexOf(phase) ? PhaseView.State.DONE : PhaseView.State.WAITING;
      boolean begun = state != PhaseView.State.WAITING;
      String detail =
          here && each == Phase.REPLICATE
              ? "29.9 M of 48.2 M rows · ETA 2 m 40 s"
              : here && each == Phase.SYNCHRONIZE
                  ? "both ways · verifying 61 % · ETA 40 s"
                  : each == Phase.WATCH && !begun ? "5 min" : details[i];
      phases.add(new PhaseView(each, state, begun ? Duration.ofSeconds(seconds[i]) : null, detail));
    }
    String next =
        switch (status) {
          case Status.Ready _ ->
              moves.isEmpty()
                  ? "Hold the lever to cut over to green."
                  : "Blue is live again. Hold the lever to go forward, or clean up.";
          case Status.Watching _ -> "Green is watched for 2 m 30 s more; then clean up.";
          case Status.Moving moving -> "Traffic and writes move " + moving.move() + ".";
          case Status.Running _ -> "The cutover unlocks when every gate has passed.";
          default -> "";
        };
    return new ReleaseView(
        42,
        "v2.8.0",
        Colour.BLUE,
        Colour.GREEN,
        status,
        phase,
        phases,
        next,
        moves,
        NOW.minusSeconds(700),
        null);
  }

  private static ApplicationView application(
      Colour to, boolean holding, int held, boolean greenHealthy) {
    Map<Colour, ApplicationView.Stack> stacks = new EnumMap<>(Colour.class);
    Map<Colour, ApplicationView.Traffic> traffic = new EnumMap<>(Colour.class);
    for (Colour colour : Colour.values()) {
      boolean healthy = greenHealthy || colour == Colour.BLUE;
      Health health = healthy ? Health.HEALTHY : Health.UNHEALTHY;
      String why = "503 after 2.0 s: database connection refused";
      stacks.put(
          colour,
          new ApplicationView.Stack(
              colour,
              health,
              colour == Colour.BLUE ? "v2.7.4" : "v2.8.0",
              List.of(
                  new ApplicationView.Endpoint(
                      "backend",
                      "http://127.0.0.1:8081/api/health",
                      health,
                      31,
                      Duration.ofMillis(4),
                      healthy ? "" : why),
                  new ApplicationView.Endpoint(
                      "frontend",
                      "http://127.0.0.1:8082/",
                      Health.HEALTHY,
                      31,
                      Duration.ofMillis(2),
                      ""))));
      boolean used = colour == to;
      traffic.put(
          colour,
          new ApplicationView.Traffic(
              used ? 1 : 0,
              used ? 512 : 0,
              used ? Duration.ofMillis(14) : Duration.ZERO,
              used && !greenHealthy ? 0.031 : 0,
              used ? 6 : 0));
    }
    return new ApplicationView(
        NOW, stacks, new ApplicationView.Router("embedded", true, to, to, holding, held, traffic));
  }

  private static DatabaseView streaming(@Nullable Colour live) {
    Direction leading =
        new Direction(
            Direction.State.STREAMING, 4_100, Duration.ofMillis(38), 214_000, 1_400_000, "");
    Direction armed =
        new Direction(Direction.State.STREAMING, 0, Duration.ofMillis(6), 0, 16_000, "");
    Direction forward = live == Colour.GREEN ? armed : leading;
    Direction reverse = live == Colour.GREEN ? leading : armed;
    return database(live, forward, reverse, Consistency.State.IDENTICAL, true);
  }

  private static DatabaseView database(
      @Nullable Colour live,
      Direction forward,
      Direction reverse,
      Consistency.State consistency,
      boolean copied) {
    Map<Colour, DatabaseView.Server> servers = new EnumMap<>(Colour.class);
    TableName orders = new TableName("public", "orders");
    TableName items = new TableName("public", "order_items");
    TableName customers = new TableName("public", "customers");
    for (Colour colour : Colour.values()) {
      boolean blue = colour == Colour.BLUE;
      double share = copied || blue ? 1 : 0.62;
      servers.put(
          colour,
          new DatabaseView.Server(
              colour,
              true,
              NOW,
              "",
              blue ? "16.4" : "18.1",
              Lsn.parse(blue ? "0/3A7F21C8" : "0/51B20D10"),
              blue ? 18_400_000_000L : (long) (15_900_000_000L * share),
              colour == live ? Access.READ_WRITE : Access.FENCED,
              blue ? 64 : 9,
              blue ? 12 : 0,
              Duration.ofMillis(blue ? 300 : 0),
              blue ? 2_140 : 3,
              blue ? "31" : "38",
              blue ? 7 : 0,
              List.of(
                  new DatabaseView.TableSize(items, (long) (31_880_530 * share), 9_100_000_000L),
                  new DatabaseView.TableSize(orders, (long) (12_104_221 * share), 4_000_000_000L),
                  new DatabaseView.TableSize(customers, 2_010_004, 910_000_000L))));
    }
    return new DatabaseView(
        "database",
        NOW,
        servers,
        new DatabaseView.Replication(
            Colour.BLUE,
            forward,
            reverse,
            List.of(
                progress(items, 31_880_530, copied ? 1 : 0.62),
                progress(orders, 12_104_221, copied ? 1 : 0.62),
                progress(customers, 2_010_004, 1))),
        new DatabaseView.Consistency(
            consistency,
            1,
            14,
            48_211_904,
            NOW,
            "14 tables",
            consistency == Consistency.State.IDENTICAL
                ? compared(NOW.minusSeconds(120), items, orders, customers)
                : List.of()),
        Map.of(
            Colour.BLUE, new DatabaseView.Application(Colour.BLUE, 3, ""),
            Colour.GREEN, new DatabaseView.Application(Colour.GREEN, 3, "")));
  }

  private static List<Consistency.Compared> compared(Instant at, TableName... tables) {
    return Stream.of(tables).map(table -> new Consistency.Compared(table, true, at)).toList();
  }

  private static DatabaseView.TableProgress progress(TableName table, long rows, double share) {
    return new DatabaseView.TableProgress(
        table, share < 1 ? "copying" : "ready", (long) (rows * share), rows, 1_000_000);
  }

  private static DatabaseView dead(DatabaseView view, Colour gone) {
    Map<Colour, DatabaseView.Server> servers = new EnumMap<>(view.servers());
    DatabaseView.Server was = Objects.requireNonNull(view.servers().get(gone));
    servers.put(
        gone,
        new DatabaseView.Server(
            gone,
            false,
            NOW.minusSeconds(9),
            "Connection to 127.0.0.1:"
                + (gone == Colour.BLUE ? 5432 : 5433)
                + " refused. Start the server, or roll back.",
            was.serverVersion(),
            was.position(),
            was.size(),
            Access.UNKNOWN,
            0,
            0,
            Duration.ZERO,
            0,
            was.schemaVersion(),
            0,
            was.largest()));
    return new DatabaseView(
        view.id(), view.at(), servers, view.replication(), view.consistency(), view.applications());
  }

  private static DatabaseView huge() {
    DatabaseView view = streaming(Colour.BLUE);
    List<DatabaseView.TableProgress> tables = new ArrayList<>();
    List<DatabaseView.TableSize> sizes = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      TableName name =
          new TableName("billing_archive", "invoices_by_customer_and_month_partition_" + i);
      tables.add(progress(name, 9_120_482_117L, 0.5));
      sizes.add(new DatabaseView.TableSize(name, 9_120_482_117L, 4_000_000_000_000L));
    }
    Map<Colour, DatabaseView.Server> servers = new EnumMap<>(Colour.class);
    view.servers()
        .forEach((colour, s) ->
            servers.put(
                colour,
                new DatabaseView.Server(
                    colour,
                    true,
                    NOW,
                    "",
                    "16.4 (Debian 16.4-1.pgdg120+1)",
                    Lsn.parse("1A2B3C4D/FFFFFFFF"),
                    64_000_000_000_000L,
                    s.access(),
                    12_480,
                    3_120,
                    Duration.ofMinutes(185),
                    412_000,
                    "20261121.1404",
                    colour == Colour.BLUE ? 118 : 0,
                    sizes)));
    Direction slow =
        new Direction(
            Direction.State.STREAMING,
            912_000_000_000L,
            Duration.ofMinutes(47),
            812_000_000,
            4_400_000_000_000L,
            "");
    return new DatabaseView(
        "database",
        NOW,
        servers,
        new DatabaseView.Replication(Colour.BLUE, slow, view.replication().reverse(), tables),
        view.consistency(),
        view.applications());
  }

  private static List<GateView> gates(GateView.State data, GateView.State lag) {
    boolean closed = lag == GateView.State.CLOSED;
    return List.of(
        new GateView(
            "database.lag",
            "In step",
            lag,
            closed
                ? "not known: green does not answer"
                : "green is within the 1s that are allowed"),
        new GateView("application.target", "Green healthy", lag, "31 checks in a row"),
        new GateView(
            "database.identical",
            "Data identical",
            data,
            switch (data) {
              case OPEN -> "14 tables, 48,211,904 rows, at 0/3A7E9F00";
              case PENDING -> "verifying 61 %, no difference so far";
              case CLOSED -> "not compared: green does not answer";
            }),
        new GateView(
            "database.transactions",
            "No long transaction",
            GateView.State.OPEN,
            "oldest 0.3 s on blue"),
        new GateView(
            "database.fence",
            "Fence in place",
            GateView.State.OPEN,
            "blue is open for writes, green is closed"),
        new GateView(
            "database.way-back", "Way back armed", data, "green → blue, marker back in 9 ms"),
        new GateView(
            "application.router", "Router on Blue", GateView.State.OPEN, "Reachable, generation 4"),
        new GateView(
            "database.headroom",
            "Log kept",
            GateView.State.OPEN,
            "every slot has the log that it needs"));
  }

  private static History history(int seconds, boolean moved) {
    List<Sample> samples = new ArrayList<>();
    List<Mark> marks = new ArrayList<>();
    for (int i = 0; i < seconds; i++) {
      boolean green = moved && i > seconds - 150;
      double spike = Math.exp(-Math.pow((i - 190) / 14.0, 2)) * 320;
      double lag = 34 + 9 * Math.sin(i / 11.0) + 4 * Math.sin(i / 3.0) + spike;
      double requests = 505 + 18 * Math.sin(i / 17.0) + 9 * Math.sin(i / 5.0);
      Instant at = NOW.minusSeconds(seconds - 1L - i);
      if (i == 190) {
        marks.add(new Mark(at, "index build"));
      } else if (moved && i == seconds - 150) {
        marks.add(new Mark(at.plusMillis(400), "to green"));
      }
      samples.add(
          new Sample(
              at,
              green ? 6 : lag,
              4_100,
              i < 120 ? -1 : green ? lag * 0.6 : 6 + 2 * Math.sin(i / 9.0),
              16,
              green ? 0 : requests,
              green ? requests : 0,
              0));
    }
    return new History(samples, marks);
  }
}
