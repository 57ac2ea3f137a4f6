package dev.signalbox.engine.strategy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.environment.StrategySettings;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.Plane;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.model.ReleaseInfo;
import dev.signalbox.engine.release.model.Risk;
import dev.signalbox.engine.strategy.control.ClusterRefusedException;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.ControlClient;
import dev.signalbox.engine.strategy.control.EngineStatus;
import dev.signalbox.engine.strategy.step.AdoptClusterStep;
import dev.signalbox.engine.strategy.step.AnnounceStrategyStep;
import dev.signalbox.engine.strategy.step.DrainStep;
import dev.signalbox.engine.strategy.step.MakeLiveStep;
import dev.signalbox.engine.strategy.step.ProbeEngineStep;
import dev.signalbox.engine.strategy.step.RetireStep;
import dev.signalbox.engine.strategy.step.VerifyStrategyStep;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A query cluster with a blue and a green engine, and the clients that follow it. Thread-safe;
/// looks on a virtual thread of its own.
///
/// In a move its steps come last, when the new stack takes writes and traffic: new queries go to
/// the new stack, those of the old one end, then the old one answers 456.
public final class StrategyPlane implements Plane {
  /// Looks in a row without an answer of the live engine before it counts as an alarm.
  private static final int ALARM_AFTER = 3;

  private final StrategySettings settings;
  private final ControlClient client;
  private final ClusterWatch watch;
  private final StrategyGates gates;

  /// Connects to nothing yet.
  ///
  /// @param systems the system identifier of each stack's database; empty while it is not known.
  ///   Called often, from any thread: must return at once. Null when no database moves with the
  ///   cluster: then nothing is compared
  public StrategyPlane(
      StrategySettings settings, @Nullable Function<Colour, Optional<String>> systems) {
    this.settings = settings;
    this.client = new ControlClient(settings.control(), settings.token());
    this.watch = new ClusterWatch(client, settings.poll());
    this.gates = new StrategyGates(watch, systems);
  }

  @Override
  public String id() {
    return "strategy";
  }

  @Override
  public void start() {
    watch.start();
  }

  @Override
  public StrategyView view() {
    ClusterWatch.Sight seen = watch.sight();
    StrategyView view = seen.view();
    return seen.status() == null || !watch.old(seen)
        ? view
        : StrategyViews.of(
            view.at(),
            null,
            "It was not seen for "
                + DurationText.words(Duration.between(view.at(), Instant.now()))
                + ".",
            view.clients());
  }

  /// Where new queries belong: while the old stack's queries end, the new one. Null when the
  /// cluster does not answer, was not asked yet, was not seen for three polls, or says none.
  @Override
  public @Nullable Colour live() {
    ClusterWatch.Sight seen = watch.sight();
    ClusterStatus status = seen.status();
    return status == null || watch.old(seen) ? null : StrategyViews.wanted(status);
  }

  @Override
  public List<Gate> gates(Move move, Colour origin) {
    return gates.of(move, origin);
  }

  @Override
  public List<Step> steps(Phase phase, Move move, ReleaseInfo release) {
    return switch (phase) {
      case INITIALIZE -> List.of(new AdoptClusterStep(client, release.origin()));
      case CUT_OVER ->
          List.of(
              new ProbeEngineStep(client, move, release.origin()),
              new AnnounceStrategyStep(client, move),
              new DrainStep(client, move, settings.drain()),
              new MakeLiveStep(client, move),
              new VerifyStrategyStep(client, move));
      case CLEAN_UP -> List.of(new RetireStep(client, release.origin()));
      case PREPARE, REPLICATE, SYNCHRONIZE, WATCH -> List.of();
    };
  }

  @Override
  public Risk risk(Move move) {
    ClusterWatch.Sight seen = watch.sight();
    ClusterStatus status = seen.status();
    if (status == null || watch.old(seen)) {
      return new Risk(
          true, 0, "The query cluster is not seen and cannot be moved now; it holds nothing up.");
    }
    String problem = unable(status, move.to());
    return new Risk(
        true, 0, problem.isEmpty() ? "Open queries end on the stack where they began." : problem);
  }

  /// Why an engine cannot answer queries; empty when it can.
  private static String unable(ClusterStatus status, Colour colour) {
    EngineStatus engine = StrategyViews.engine(status, colour);
    if (engine.getReachable()) {
      return "";
    }
    String problem = engine.getProblem().strip();
    return colour
        + " cannot answer queries"
        + (problem.isEmpty() ? "." : ": " + problem + (problem.endsWith(".") ? "" : "."));
  }

  @Override
  public void refresh() {
    try {
      watch.look();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Tells the cluster, as soon as it answers, so that a late command of the console before is
  /// refused there.
  @Override
  public void driving(long epoch) {
    watch.raise(epoch);
  }

  @Override
  public @Nullable String alarm(Colour live) {
    ClusterWatch.Sight seen = watch.sight();
    ClusterStatus status = seen.status();
    if (status == null
        || watch.old(seen)
        || seen.engineFailures(live) < ALARM_AFTER
        // Going where queries fail as well would help nobody.
        || seen.engineFailures(live.other()) > 0) {
      return null;
    }
    return unable(status, live);
  }

  @Override
  public Optional<Outcome> obey(Command.OnPlane command, long epoch) {
    return switch (command) {
      case Command.CancelQuery(String queryId) -> Optional.of(make(() -> cancel(queryId, epoch)));
      case Command.EndSession _ -> Optional.empty();
      case Command.SuspendCluster _ ->
          Optional.of(
              make(() -> {
                client.suspend(epoch);
                return new Outcome.Done("The query cluster is suspended.");
              }));
      case Command.ResumeCluster _ ->
          Optional.of(
              make(() -> {
                client.resume(epoch);
                return new Outcome.Done("The query cluster takes work again.");
              }));
    };
  }

  private Outcome cancel(String queryId, long epoch) throws IOException, InterruptedException {
    return client.cancel(epoch, queryId)
        ? new Outcome.Done("Query " + queryId + " was cancelled.")
        : new Outcome.Refused("Query " + queryId + " is not open any more.");
  }

  private interface Call {
    Outcome make() throws IOException, InterruptedException;
  }

  private Outcome make(Call call) {
    try {
      Outcome outcome = call.make();
      // Whoever hears of it sees what it did.
      watch.look();
      return outcome;
    } catch (ClusterRefusedException e) {
      return new Outcome.Refused(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Failed("The console was closed before the cluster had answered.");
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
