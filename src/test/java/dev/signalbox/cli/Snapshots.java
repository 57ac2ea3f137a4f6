package dev.signalbox.cli;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Health;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.WayBack;
import dev.signalbox.support.SampleLevers;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// States of an environment, for scripts.
final class Snapshots {
  static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");
  static final LeaseView MINE = new LeaseView(true, "me@desk", 7, AT);
  static final LeaseView OTHERS = new LeaseView(false, "ann@desk", 7, AT);
  static final LeaseView NOBODYS = new LeaseView(false, "", 0, null);

  private Snapshots() {}

  /// A second later, its holder being alive.
  static LeaseView renewed(LeaseView lease) {
    return new LeaseView(lease.mine(), lease.holder(), lease.epoch(), AT.plusSeconds(1));
  }

  static EngineSnapshot of(LeaseView lease, @Nullable ReleaseView release) {
    return of(lease, release, "");
  }

  static EngineSnapshot of(LeaseView lease, @Nullable ReleaseView release, String locked) {
    return new EngineSnapshot(
        1,
        AT,
        "bank-1",
        Colour.BLUE,
        lease,
        release,
        AT,
        List.of(
            new ApplicationView(
                AT,
                Map.of(
                    Colour.BLUE,
                    new ApplicationView.Stack(Colour.BLUE, Health.HEALTHY, "v1", List.of())),
                new ApplicationView.Router(
                    "embedded", true, Colour.BLUE, Colour.BLUE, false, 0, Map.of())),
            new DatabaseView(
                "database",
                AT,
                Map.of(
                    Colour.BLUE,
                    new DatabaseView.Server(
                        Colour.BLUE,
                        true,
                        AT,
                        "",
                        "18.6",
                        null,
                        12_000_000,
                        DatabaseView.Access.READ_WRITE,
                        5,
                        0,
                        Duration.ZERO,
                        10,
                        "2",
                        1,
                        List.of(),
                        DatabaseView.Encryption.TLS),
                    Colour.GREEN,
                    green(true)),
                new DatabaseView.Replication(
                    Colour.BLUE,
                    new DatabaseView.Direction(
                        DatabaseView.Direction.State.STREAMING,
                        120,
                        Duration.ofNanos(3_400_000),
                        0,
                        0,
                        ""),
                    new DatabaseView.Direction(
                        DatabaseView.Direction.State.ABSENT, -1, null, 0, 0, ""),
                    List.of()),
                new DatabaseView.Consistency(
                    DatabaseView.Consistency.State.IDENTICAL, 1, 2, 100, AT, "equal"),
                Map.of(Colour.BLUE, new DatabaseView.Application(Colour.BLUE, 3, "")))),
        List.of(new GateView("database.lag", "In step", GateView.State.OPEN, "3 ms, limit 1 s")),
        SampleLevers.cutOver(locked),
        Duration.ofSeconds(1),
        null,
        new WayBack(true, Colour.BLUE, Duration.ofMillis(200), 0, "reverse path is armed", ""),
        EngineSnapshot.History.NONE,
        0,
        Duration.ofSeconds(1));
  }

  /// The same while green's database and the entry were not asked yet.
  static EngineSnapshot unasked(EngineSnapshot s) {
    EngineSnapshot entry = entrySilent(greenSilent(s));
    return entry.with(parts -> {
      ApplicationView application = Objects.requireNonNull(parts.snapshot().application());
      parts.see(new ApplicationView(Instant.EPOCH, application.stacks(), application.router()));
      DatabaseView seen = Objects.requireNonNull(parts.snapshot().database());
      Map<Colour, DatabaseView.Server> servers = new EnumMap<>(seen.servers());
      servers.put(Colour.GREEN, green(false, DatabaseView.Server.NOT_ASKED));
      DatabaseView.Direction unknown =
          new DatabaseView.Direction(DatabaseView.Direction.State.UNKNOWN, -1, null, 0, 0, "");
      parts.see(
          new DatabaseView(
              seen.id(),
              seen.at(),
              servers,
              new DatabaseView.Replication(Colour.BLUE, unknown, unknown, List.of()),
              seen.consistency(),
              seen.applications()));
    });
  }

  /// The same with routes that lead all applications.
  static EngineSnapshot routed(EngineSnapshot s, DatabaseView.Route... routes) {
    return s.with(parts -> {
      DatabaseView seen = Objects.requireNonNull(parts.snapshot().database());
      parts.see(
          new DatabaseView(
              seen.id(),
              seen.at(),
              seen.servers(),
              seen.replication(),
              seen.consistency(),
              seen.applications(),
              List.of(routes),
              seen.blockers()));
    });
  }

  /// The same with what a move from a side would have to wait for.
  static EngineSnapshot blocked(EngineSnapshot s, Colour side, DatabaseView.Blocker... blockers) {
    return s.with(parts -> {
      DatabaseView seen = Objects.requireNonNull(parts.snapshot().database());
      parts.see(
          new DatabaseView(
              seen.id(),
              seen.at(),
              seen.servers(),
              seen.replication(),
              seen.consistency(),
              seen.applications(),
              seen.routes(),
              Map.of(side, List.of(blockers))));
    });
  }

  private static DatabaseView.Server green(boolean answers) {
    return green(answers, answers ? "" : "no answer within 2 s\u001b[31m");
  }

  private static DatabaseView.Server green(boolean answers, String problem) {
    return new DatabaseView.Server(
        Colour.GREEN,
        answers,
        AT,
        problem,
        "18.6",
        null,
        9_000_000,
        answers ? DatabaseView.Access.FENCED : DatabaseView.Access.UNKNOWN,
        0,
        0,
        Duration.ZERO,
        0,
        "",
        0,
        List.of());
  }

  /// The same while green's database does not answer.
  static EngineSnapshot greenSilent(EngineSnapshot s) {
    return s.with(parts -> {
      DatabaseView seen = Objects.requireNonNull(parts.snapshot().database());
      Map<Colour, DatabaseView.Server> servers = new EnumMap<>(seen.servers());
      servers.put(Colour.GREEN, green(false));
      parts.see(
          new DatabaseView(
              seen.id(),
              seen.at(),
              servers,
              new DatabaseView.Replication(
                  Colour.BLUE,
                  new DatabaseView.Direction(
                      DatabaseView.Direction.State.UNKNOWN,
                      -1,
                      null,
                      0,
                      0,
                      "green does not answer"),
                  new DatabaseView.Direction(
                      DatabaseView.Direction.State.UNKNOWN, -1, null, 0, 0, ""),
                  List.of()),
              new DatabaseView.Consistency(
                  DatabaseView.Consistency.State.NOT_RUN, 0, 0, 0, null, ""),
              seen.applications()));
    });
  }

  /// The same while the entry does not answer.
  static EngineSnapshot entrySilent(EngineSnapshot s) {
    return s.with(parts ->
        parts.see(
            new ApplicationView(
                AT,
                Map.of(
                    Colour.BLUE,
                    new ApplicationView.Stack(Colour.BLUE, Health.UNKNOWN, "", List.of())),
                new ApplicationView.Router("embedded", false, null, null, false, 0, Map.of()))));
  }

  /// The same on a console that looks on.
  static EngineSnapshot elsewhere(EngineSnapshot s) {
    return s.with(parts -> parts.levers = SampleLevers.elsewhere("Somebody drives.", parts.levers));
  }

  /// With a query cluster that drains blue; one query is left there.
  static EngineSnapshot draining() {
    return with(
        of(OTHERS, null),
        new StrategyView(
            AT,
            true,
            "",
            StrategyView.Phase.DRAINING,
            Colour.BLUE,
            Colour.GREEN,
            false,
            AT,
            "1",
            Map.of(
                Colour.BLUE,
                engine(Colour.BLUE, true, 1, Duration.ofSeconds(754)),
                Colour.GREEN,
                engine(Colour.GREEN, true, 0, Duration.ZERO)),
            List.of(
                new StrategyView.OpenQuery(
                    "q-7f3a91",
                    Colour.BLUE,
                    "anna",
                    "SELECT 1",
                    Duration.ofSeconds(754),
                    "fetching",
                    3,
                    "reports\u001b[31m",
                    "127.0.0.1:1")),
            new StrategyView.Fleet(8, 1, 2, 6, 0, 2, 1, 0),
            List.of(),
            new StrategyView.Rates(40, 500, 0.018, Double.NaN, Double.NaN)));
  }

  /// With a query cluster that does not answer.
  static EngineSnapshot silentCluster() {
    return with(
        of(OTHERS, null),
        new StrategyView(
            AT,
            false,
            "connection refused\u001b[31m",
            StrategyView.Phase.UNKNOWN,
            null,
            null,
            false,
            null,
            "",
            Map.of(Colour.BLUE, engine(Colour.BLUE, false, 0, Duration.ZERO)),
            List.of(),
            new StrategyView.Fleet(0, 0, 0, 0, 0, 0, 0, 0),
            List.of(),
            new StrategyView.Rates(0, 0, 0, Double.NaN, Double.NaN)));
  }

  private static StrategyView.Engine engine(
      Colour colour, boolean reachable, int open, Duration oldest) {
    String problem = reachable ? "" : "no answer";
    return new StrategyView.Engine(
        colour, reachable, problem, "18.6", 1, open, oldest, 0, 0, 0, 0, 0);
  }

  private static EngineSnapshot with(EngineSnapshot s, StrategyView strategy) {
    return s.with(parts -> parts.see(strategy));
  }

  static EngineSnapshot numbered(EngineSnapshot s, long version) {
    return s.with(parts -> parts.version = version);
  }

  /// Before the journal was read for the first time.
  static EngineSnapshot unread() {
    return of(LeaseView.UNKNOWN, null).with(parts -> parts.journalReadAt = null);
  }

  /// As a console sees it that has just begun to look.
  static EngineSnapshot pending(LeaseView lease, ReleaseView release) {
    return of(lease, release, "Green healthy: 2 good checks in a row")
        .with(parts ->
            parts.gates =
                List.of(
                    new GateView(
                        "application.target", "Green healthy", GateView.State.PENDING, "2")));
  }

  /// What giving the release up would do.
  static EngineSnapshot givingUp(EngineSnapshot s, Lever lever) {
    Map<LeverId, Lever> levers = new EnumMap<>(s.levers());
    levers.put(LeverId.GIVE_UP, lever);
    return s.with(parts -> parts.levers = levers);
  }

  static ReleaseView release(long number, ReleaseView.Status status, Phase phase) {
    return release(number, status, phase, List.of());
  }

  static ReleaseView release(
      long number, ReleaseView.Status status, Phase phase, List<ReleaseView.MoveView> moves) {
    return new ReleaseView(
        number,
        "v2",
        Colour.BLUE,
        Colour.GREEN,
        status,
        phase,
        Stream.of(Phase.values())
            .map(p ->
                new ReleaseView.PhaseView(
                    p,
                    p.compareTo(phase) < 0
                        ? ReleaseView.PhaseView.State.DONE
                        : ReleaseView.PhaseView.State.WAITING,
                    null,
                    ""))
            .toList(),
        "Look at it.",
        moves,
        AT,
        null);
  }

  static ReleaseView.MoveView move(Move move, ReleaseView.MoveView.Result result) {
    return new ReleaseView.MoveView(
        move,
        result,
        AT,
        Duration.ofMillis(12),
        List.of(new ReleaseView.StepTime("database.fence", Duration.ofMillis(4))));
  }
}
