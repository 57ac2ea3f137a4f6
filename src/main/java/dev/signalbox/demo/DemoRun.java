package dev.signalbox.demo;

import dev.signalbox.demo.load.Counts;
import dev.signalbox.demo.load.Ledger;
import dev.signalbox.demo.load.LoadSettings;
import dev.signalbox.demo.load.OpenLoopClient;
import dev.signalbox.demo.load.Receipt;
import dev.signalbox.demo.load.Reconciliation;
import dev.signalbox.demo.load.SwitchWindow;
import dev.signalbox.demo.load.WarmUp;
import dev.signalbox.demo.query.QueryCounts;
import dev.signalbox.demo.query.QueryLoad;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.environment.StrategySettings;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.ControlClient;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.query.Credentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A whole release by itself, under load: up to the cutover, over, watched, back, over again,
/// cleaned up; and the receipt. Used by one thread.
public final class DemoRun {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration LONGEST_SWITCH = Duration.ofMinutes(1);
  private static final Duration LONGEST_QUERY = Duration.ofSeconds(4);
  private static final int QUERY_CLIENTS = 6;

  private final DemoSite site;
  private final Engine engine;
  private final DemoScreen screen;
  private final OpenLoopClient load;
  private final QueryLoad queries;
  private final WarmUp warmUp;
  private final long sumBefore;
  private final List<Receipt.Switch> switches = new CopyOnWriteArrayList<>();
  private volatile boolean ownTour;
  private volatile boolean ended;

  /// Held while a switch is under way.
  private final ReentrantLock switching = new ReentrantLock();

  private int lost;
  private int duplicated;

  /// Begins the queries at once, and the requests with [#warmUp].
  public DemoRun(DemoSite site, Engine engine, DemoScreen screen, int rate)
      throws IOException, SQLException {
    this.site = site;
    this.engine = engine;
    this.screen = screen;
    try (Connection connection = site.connect(Colour.BLUE)) {
      sumBefore = Reconciliation.sum(connection);
    }
    load = new OpenLoopClient(LoadSettings.of(site.address(), rate, site.accounts()), new Ledger());
    warmUp = new WarmUp(load, rate);
    queries =
        new QueryLoad(
            new QueryLoad.Target(
                site.queryTarget(),
                new Credentials(site.queryUser(), site.queryPassword()),
                sumBefore,
                systems(site),
                LONGEST_QUERY),
            QUERY_CLIENTS,
            1);
  }

  private static Map<Strategy, String> systems(DemoSite site) throws SQLException {
    return Map.of(
        Strategy.BLUE, site.systemIdentifier(Colour.BLUE),
        Strategy.GREEN, site.systemIdentifier(Colour.GREEN));
  }

  /// What the client counted so far.
  public Counts counts() {
    return load.counts();
  }

  /// What the clients of the query cluster counted so far.
  public QueryCounts queryCounts() {
    return queries.counts();
  }

  /// Waits until the service is steady, if need be under a lower load than was asked for. From then
  /// on every failure counts.
  ///
  /// @throws DemoException when it does not answer well enough to begin
  public void warmUp() throws InterruptedException, DemoException {
    screen.tell("Warming up until the service is steady …");
    Optional<String> problem = warmUp.run(screen::tell);
    if (problem.isPresent()) {
      throw new DemoException(problem.get());
    }
    queries.countAnew();
  }

  /// After [#warmUp].
  ///
  /// @param tour the number of switches; null for over, watched, back, over again
  /// @param atLeast how long the release takes at least
  /// @throws DemoException when the release does not go as it should
  public void run(@Nullable Integer tour, Duration atLeast)
      throws InterruptedException, SQLException, DemoException {
    ownTour = true;
    Instant end = Instant.now().plus(atLeast);
    command("start release", new Command.StartRelease("v2"));
    await("the stacks are in step", DemoRun::mayCutOver);
    int count = tour == null ? 3 : tour;
    for (int n = 1; n <= count; n++) {
      move(n);
      if (tour == null && n == 1) {
        await("green was watched", DemoRun::watched);
      }
      pause(end, count - n);
    }
    if (live() == Colour.GREEN) {
      command("clean up", new Command.CleanUp(site.environment().name()));
    } else {
      command("give up", new Command.GiveUp(site.environment().name()));
    }
  }

  private static boolean mayCutOver(EngineSnapshot snapshot) {
    return snapshot.lever(LeverId.CUT_OVER) instanceof Lever.Free;
  }

  private static boolean watched(EngineSnapshot snapshot) {
    ReleaseView release = snapshot.release();
    return release != null
        && release.phases().stream()
            .anyMatch(
                p -> p.phase() == Phase.WATCH && p.state() == ReleaseView.PhaseView.State.DONE);
  }

  /// Spreads the time that is left over what is still to be done; a breath at least, so that the
  /// load runs undisturbed between two switches.
  private void pause(Instant end, int left) throws InterruptedException {
    Duration rest = Duration.between(Instant.now(), end).dividedBy(left + 1L);
    Thread.sleep(rest.compareTo(Duration.ofMillis(300)) < 0 ? Duration.ofMillis(300) : rest);
  }

  private void move(int number) throws InterruptedException, SQLException, DemoException {
    Move move = Move.to(live().other());
    boolean over = move.to() == Colour.GREEN;
    await(
        "the lever of switch " + number + " is free",
        s -> over ? mayCutOver(s) : s.lever(LeverId.ROLL_BACK).words().isEmpty());
    switching.lock();
    try {
      if (ended) {
        throw new DemoException("The load was ended before the release.");
      }
      load.beginSwitch("switch " + number);
      command(
          over ? "cut over" : "roll back",
          over ? new Command.CutOver() : Command.RollBack.losingNothing());
      felt(number, move, load.endSwitch());
    } finally {
      switching.unlock();
    }
  }

  private void felt(int number, Move move, SwitchWindow felt) throws SQLException {
    Reconciliation.Report report = reconcile();
    Receipt.Switch line =
        Receipt.Switch.of(
            move.from().id(),
            move.to().id(),
            felt,
            report.lost().size() - lost,
            report.duplicated().size() - duplicated,
            steps());
    lost = report.lost().size();
    duplicated = report.duplicated().size();
    switches.add(line);
    screen.switched(number, line);
  }

  private List<Receipt.StepTime> steps() {
    ReleaseView release = engine.snapshot().release();
    if (release == null || release.moves().isEmpty()) {
      return List.of();
    }
    return release.moves().getLast().steps().stream()
        .map(s -> new Receipt.StepTime(s.step(), Math.round(s.took().toNanos() / 1e5) / 10.0))
        .toList();
  }

  private Colour live() {
    ReleaseView release = engine.snapshot().release();
    if (release == null) {
      return Colour.BLUE;
    }
    Colour live = release.origin();
    for (ReleaseView.MoveView move : release.moves()) {
      if (move.result() == ReleaseView.MoveView.Result.DONE) {
        live = move.move().to();
      }
    }
    return live;
  }

  private Reconciliation.Report reconcile() throws SQLException {
    try (Connection connection = site.connect(live())) {
      return Reconciliation.check(connection, load.ledger(), sumBefore);
    }
  }

  /// Ends the load and counts. What was altered or half applied counts as lost. May be called from
  /// any thread: a switch that is under way is waited for, for a minute at most, and [#run] makes
  /// no other.
  public Receipt receipt() throws InterruptedException, SQLException {
    ended = true;
    boolean settled = switching.tryLock(LONGEST_SWITCH.toSeconds(), TimeUnit.SECONDS);
    try {
      return count();
    } finally {
      if (settled) {
        switching.unlock();
      }
    }
  }

  private Receipt count() throws InterruptedException, SQLException {
    load.finish();
    QueryCounts counted = queries.finish().withOpen(stillOpen());
    Reconciliation.Report report = reconcile();
    report.halfApplied().stream().limit(5).forEach(screen::tell);
    return new Receipt(
        ownTour ? List.copyOf(switches) : null,
        Receipt.Totals.of(load.counts(), report),
        counted,
        Receipt.Load.of(warmUp.rate(), load.uncounted()));
  }

  /// Queries that the cluster still has when every client has ended: they were forgotten.
  private long stillOpen() throws InterruptedException {
    StrategySettings cluster =
        Objects.requireNonNull(site.environment().strategy(), "the demo has a cluster");
    try (ControlClient control = new ControlClient(cluster.control(), cluster.token())) {
      ClusterStatus status = control.status();
      return (long) status.getBlue().getOpenQueries() + status.getGreen().getOpenQueries();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void command(String name, Command command) throws InterruptedException, DemoException {
    try {
      Outcome outcome =
          engine.submit(command).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      // What led to the outcome comes before it.
      screen.events(engine);
      switch (outcome) {
        case Outcome.Done done -> screen.tell(name + ": " + done.text());
        case Outcome.Refused refused ->
            throw new DemoException("'" + name + "' was refused: " + refused.text());
        case Outcome.Failed failed ->
            throw new DemoException("'" + name + "' failed: " + failed.text());
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new DemoException("'" + name + "' did not end: " + e, e);
    }
  }

  private void await(String what, Predicate<EngineSnapshot> condition)
      throws InterruptedException, DemoException {
    CompletableFuture<String> seen = new CompletableFuture<>();
    Engine.Subscription subscription =
        engine.observe(snapshot -> {
          if (condition.test(snapshot)) {
            seen.complete("");
          } else if (snapshot.release() != null
              && snapshot.release().status() instanceof ReleaseView.Status.Holding(String reason)) {
            seen.complete(reason);
          }
        });
    try {
      String problem = seen.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (!problem.isEmpty()) {
        throw new DemoException("The release holds while it waits until " + what + ": " + problem);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new DemoException(
          "Not within "
              + PATIENCE.toSeconds()
              + " s: "
              + what
              + ". "
              + engine.snapshot().lever(LeverId.CUT_OVER).locked(),
          e);
    } finally {
      subscription.close();
    }
  }

  /// Ends the load. May be called from any thread.
  public void close() throws InterruptedException {
    load.close();
    queries.close();
  }

  /// The release did not go as it should; the message says where.
  public static final class DemoException extends Exception {
    private static final long serialVersionUID = 1L;

    DemoException(String message) {
      super(message);
    }

    DemoException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
