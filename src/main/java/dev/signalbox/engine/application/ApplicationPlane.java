package dev.signalbox.engine.application;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Health;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.application.health.HealthMonitor;
import dev.signalbox.engine.application.router.Router;
import dev.signalbox.engine.application.router.RouterState;
import dev.signalbox.engine.application.stack.ProcessStacks;
import dev.signalbox.engine.application.stack.StackDriver;
import dev.signalbox.engine.application.step.AdoptStep;
import dev.signalbox.engine.application.step.AnnounceStep;
import dev.signalbox.engine.application.step.DeployStep;
import dev.signalbox.engine.application.step.HoldStep;
import dev.signalbox.engine.application.step.ReadyStep;
import dev.signalbox.engine.application.step.RouteStep;
import dev.signalbox.engine.application.step.Stacks;
import dev.signalbox.engine.application.step.VerifyStep;
import dev.signalbox.engine.environment.ApplicationSettings;
import dev.signalbox.engine.http.Probe;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.Plane;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.engine.release.model.Risk;
import dev.signalbox.engine.timing.Poller;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Two stacks of processes behind one router. Thread-safe; looks on virtual threads of its own.
public final class ApplicationPlane implements Plane {
  /// How often the router is asked.
  public static final Duration ROUTER_POLL = Duration.ofMillis(250);

  /// How long a hold waits for requests in flight before it says what is left.
  public static final Duration DRAIN = Duration.ofMillis(300);

  /// After this the router's last word is too old to act on.
  private static final Duration STALE = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(ApplicationPlane.class);

  private final Stacks stacks;
  private final boolean mustHold;
  private final Map<Colour, HealthMonitor> monitors = new EnumMap<>(Colour.class);
  private volatile Sight sight = new Sight(Instant.EPOCH, null, "The router was not asked yet.");
  private volatile @Nullable Colour intended;

  /// That was told.
  private volatile boolean unseen;

  private volatile boolean closed;
  private volatile @Nullable Poller poller;

  /// What the router said last.
  ///
  /// @param at when it was asked last; the epoch before the first time
  /// @param state null when it did not answer
  record Sight(Instant at, @Nullable RouterState state, String problem) {
    boolean asked() {
      return at.isAfter(Instant.EPOCH);
    }

    /// Whether it is too old to act on.
    boolean old() {
      return at.plus(STALE).isBefore(Instant.now());
    }

    long seconds() {
      return Duration.between(at, Instant.now()).toSeconds();
    }
  }

  /// Waits [#DRAIN] for requests in flight; else as the longer constructor.
  public ApplicationPlane(
      ApplicationSettings settings,
      Router router,
      Probe probe,
      Duration maxHold,
      boolean mustHold) {
    this(settings, router, probe, maxHold, DRAIN, mustHold);
  }

  /// Connects to nothing yet.
  ///
  /// @param router closed with the plane
  /// @param probe stays the caller's to close
  /// @param maxHold after which requests held at the router go on by themselves; above the stall
  ///   budget, so that the conductor gives up first; 1 ms to 60 s
  /// @param drain how long a hold waits for requests in flight; 0 to 60 s
  /// @param mustHold whether requests must wait during a move, because a database moves as well
  public ApplicationPlane(
      ApplicationSettings settings,
      Router router,
      Probe probe,
      Duration maxHold,
      Duration drain,
      boolean mustHold) {
    this.mustHold = mustHold;
    settings
        .stacks()
        .forEach((colour, stack) ->
            monitors.put(colour, new HealthMonitor(settings.health(), stack, probe)));
    this.stacks =
        new Stacks(
            settings,
            maxHold,
            drain,
            router,
            new ProcessStacks(settings.stacks()),
            probe,
            monitors,
            colour -> intended = colour);
  }

  @Override
  public String id() {
    return "application";
  }

  @Override
  public void start() {
    monitors.values().forEach(HealthMonitor::start);
    poller = new Poller("router poll", ROUTER_POLL, this::look);
  }

  private void look() throws InterruptedException {
    try {
      sight = new Sight(Instant.now(), stacks.router().state(), "");
      if (unseen) {
        unseen = false;
        LOG.info("The router is seen again.");
      }
    } catch (IOException | RuntimeException e) {
      String problem = e.getMessage() == null ? e.toString() : e.getMessage();
      if (sight.state() != null && !closed) {
        unseen = true;
        LOG.warn("The router cannot be seen any more: {}", problem);
      }
      sight = new Sight(Instant.now(), null, problem);
    }
  }

  @Override
  public void refresh() {
    try {
      look();
      for (HealthMonitor monitor : monitors.values()) {
        monitor.refresh();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public ApplicationView view() {
    Sight seen = sight;
    Map<Colour, ApplicationView.Stack> stacks = new EnumMap<>(Colour.class);
    monitors.forEach((colour, monitor) -> stacks.put(colour, stack(colour, monitor.report())));
    return new ApplicationView(seen.at(), Map.copyOf(stacks), router(seen));
  }

  private ApplicationView.Stack stack(Colour colour, HealthMonitor.Report report) {
    boolean absent = absent(colour, report);
    return new ApplicationView.Stack(
        colour,
        absent ? Health.ABSENT : report.fresh() ? report.health() : Health.UNKNOWN,
        report.version(),
        absent
            ? report.endpoints().stream().map(ApplicationPlane::absent).toList()
            : report.endpoints());
  }

  /// That it does not answer is no failure.
  private static ApplicationView.Endpoint absent(ApplicationView.Endpoint endpoint) {
    return new ApplicationView.Endpoint(
        endpoint.name(),
        endpoint.address(),
        Health.ABSENT,
        endpoint.streak(),
        endpoint.latency(),
        "");
  }

  /// Nothing answers, and nothing was started that should, or what was has been stopped by us.
  private boolean absent(Colour colour, HealthMonitor.Report report) {
    boolean answers =
        !report.version().isEmpty()
            || report.endpoints().stream().anyMatch(endpoint -> !endpoint.latency().isZero());
    if (answers) {
      return false;
    }
    try {
      return stacks.driver().status(colour) instanceof StackDriver.Status.NotStarted;
    } catch (IOException e) {
      LOG.debug("Cannot tell whether {} was started: {}", colour, e.getMessage());
      return false;
    }
  }

  private ApplicationView.Router router(Sight seen) {
    RouterState state = seen.state();
    if (state == null || seen.old()) {
      return new ApplicationView.Router(
          stacks.router().kind(), false, intended, null, false, 0, Map.of());
    }
    int all = state.stacks().values().stream().mapToInt(RouterState.Upstream::perSecond).sum();
    Map<Colour, ApplicationView.Traffic> traffic = new EnumMap<>(Colour.class);
    state
        .stacks()
        .forEach((colour, one) ->
            traffic.put(
                colour,
                new ApplicationView.Traffic(
                    all == 0 ? 0 : one.perSecond() / (double) all,
                    one.perSecond(),
                    one.p95(),
                    one.perSecond() == 0 ? 0 : one.errorsPerSecond() / (double) one.perSecond(),
                    one.inFlight())));
    return new ApplicationView.Router(
        stacks.router().kind(),
        true,
        intended,
        state.route(),
        state.holding(),
        state.waiting(),
        Map.copyOf(traffic));
  }

  /// Where the router sends traffic. Null when it does not answer, was not asked yet, or has not
  /// answered for 3 s.
  @Override
  public @Nullable Colour live() {
    Sight seen = sight;
    RouterState state = seen.state();
    return state == null || seen.old() ? null : state.route();
  }

  @Override
  public @Nullable String alarm(Colour live) {
    HealthMonitor.Report report = java.util.Objects.requireNonNull(monitors.get(live)).report();
    if (!report.fresh() || report.health() != Health.UNHEALTHY) {
      return null;
    }
    return report.endpoints().stream()
        .map(ApplicationView.Endpoint::detail)
        .filter(detail -> !detail.isEmpty())
        .findFirst()
        .map(detail -> live + " is not healthy: " + detail + ".")
        .orElse(live + " is not healthy.");
  }

  @Override
  public List<Gate> gates(Move move, Colour origin) {
    return new ApplicationGates(stacks, sight, move, mustHold).all(move.to() == origin);
  }

  @Override
  public List<Step> steps(Phase phase, Move move, ReleaseInfo release) {
    return switch (phase) {
      case INITIALIZE -> List.of(new AdoptStep(stacks, release.origin()));
      case PREPARE -> List.of(new DeployStep(stacks, release.target(), release.number()));
      case SYNCHRONIZE -> List.of(new ReadyStep(stacks, release.target()));
      case CUT_OVER ->
          stacks.router().can().contains(Router.Can.HOLD)
              ? List.of(
                  new AnnounceStep(stacks, move),
                  new HoldStep(stacks, move),
                  new RouteStep(stacks, move),
                  new VerifyStep(stacks, move))
              : List.of(
                  new AnnounceStep(stacks, move),
                  new RouteStep(stacks, move),
                  new VerifyStep(stacks, move));
      case REPLICATE, WATCH, CLEAN_UP -> List.of();
    };
  }

  @Override
  public Risk risk(Move move) {
    String obstacle = new ApplicationGates(stacks, sight, move, mustHold).obstacle();
    return new Risk(
        obstacle.isEmpty(),
        0,
        obstacle.isEmpty()
            ? stacks.router().can().contains(Router.Can.HOLD)
                ? "Requests wait at the router while traffic moves; the stacks keep no data."
                : "Traffic moves without waiting; the stacks keep no data."
            : obstacle);
  }

  @Override
  public void close() {
    closed = true;
    Poller looking = poller;
    if (looking != null) {
      looking.close();
    }
    monitors.values().forEach(HealthMonitor::close);
    stacks.router().close();
  }
}
