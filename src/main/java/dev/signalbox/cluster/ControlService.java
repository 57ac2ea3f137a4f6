package dev.signalbox.cluster;

import dev.signalbox.cluster.access.CallFailures;
import dev.signalbox.cluster.fleet.FleetRegistry;
import dev.signalbox.cluster.query.QueryEngine;
import dev.signalbox.cluster.session.Queries;
import dev.signalbox.cluster.session.ServedQuery;
import dev.signalbox.cluster.state.StackSwitch;
import dev.signalbox.cluster.state.StackSwitch.OpenQueries;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.strategy.control.AnnounceCommand;
import dev.signalbox.engine.strategy.control.CancelQueryAnswer;
import dev.signalbox.engine.strategy.control.CancelQueryCommand;
import dev.signalbox.engine.strategy.control.ClientList;
import dev.signalbox.engine.strategy.control.ClientsQuery;
import dev.signalbox.engine.strategy.control.ClusterControlGrpc;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.DriveCommand;
import dev.signalbox.engine.strategy.control.MakeLiveCommand;
import dev.signalbox.engine.strategy.control.ProbeAnswer;
import dev.signalbox.engine.strategy.control.ProbeQuery;
import dev.signalbox.engine.strategy.control.ResumeCommand;
import dev.signalbox.engine.strategy.control.StatusQuery;
import dev.signalbox.engine.strategy.control.SuspendCommand;
import dev.signalbox.strategy.Strategy;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What a console asks and commands, see `cluster_control.proto`.
final class ControlService extends ClusterControlGrpc.ClusterControlImplBase {
  private static final Duration PROBE = Duration.ofMillis(1_500);

  private final StackSwitch stackSwitch;
  private final Queries queries;
  private final Map<Strategy, QueryEngine> engines;
  private final FleetRegistry fleet;
  private final StatusAnswer answer;

  ControlService(
      StackSwitch stackSwitch,
      Queries queries,
      Map<Strategy, QueryEngine> engines,
      FleetRegistry fleet,
      StatusAnswer answer) {
    this.stackSwitch = stackSwitch;
    this.queries = queries;
    this.engines = engines;
    this.fleet = fleet;
    this.answer = answer;
  }

  /// Runs a command and answers with the state after it.
  private void obey(StreamObserver<ClusterStatus> out, Runnable command) {
    var _ =
        Replies.answer(
            out,
            () -> {
              command.run();
              return answer.of(stackSwitch.state());
            });
  }

  private static Strategy strategy(String text) {
    return Strategy.parse(text)
        .orElseThrow(() ->
            CallFailures.of(
                Status.Code.INVALID_ARGUMENT, "strategy must be blue or green, not another text."));
  }

  @Override
  public void status(StatusQuery query, StreamObserver<ClusterStatus> out) {
    obey(out, () -> {});
  }

  @Override
  public void clients(ClientsQuery query, StreamObserver<ClientList> out) {
    var _ =
        Replies.answer(
            out,
            () -> ClientList.newBuilder().addAllClients(fleet.entries(query.getLimit())).build());
  }

  @Override
  public void drive(DriveCommand command, StreamObserver<ClusterStatus> out) {
    obey(out, () -> stackSwitch.fence(command.getEpoch()));
  }

  @Override
  public void announce(AnnounceCommand command, StreamObserver<ClusterStatus> out) {
    obey(out, () -> stackSwitch.announce(command.getEpoch(), strategy(command.getStrategy())));
  }

  @Override
  public void makeLive(MakeLiveCommand command, StreamObserver<ClusterStatus> out) {
    obey(
        out,
        () -> {
          Strategy strategy = strategy(command.getStrategy());
          OpenQueries others =
              command.getForce()
                  ? OpenQueries.FORCE
                  : command.getLetEnd() ? OpenQueries.LET_END : OpenQueries.REFUSE;
          stackSwitch.makeLive(command.getEpoch(), strategy, others, queries::count);
          if (others == OpenQueries.FORCE) {
            int _ = queries.endIf(query -> query.strategy() == strategy.other(), false);
          }
        });
  }

  @Override
  public void suspend(SuspendCommand command, StreamObserver<ClusterStatus> out) {
    obey(out, () -> stackSwitch.suspend(command.getEpoch(), true));
  }

  @Override
  public void resume(ResumeCommand command, StreamObserver<ClusterStatus> out) {
    obey(out, () -> stackSwitch.suspend(command.getEpoch(), false));
  }

  @Override
  public void cancelQuery(CancelQueryCommand command, StreamObserver<CancelQueryAnswer> out) {
    var _ =
        Replies.answer(
            out,
            () -> {
              stackSwitch.fence(command.getEpoch());
              Optional<ServedQuery> query = queries.find(command.getQueryId());
              return CancelQueryAnswer.newBuilder()
                  .setFound(query.isPresent() && queries.end(query.get(), false))
                  .build();
            });
  }

  @Override
  public void probe(ProbeQuery query, StreamObserver<ProbeAnswer> out) {
    var _ = Replies.answer(out, () -> probe(strategy(query.getStrategy())));
  }

  /// A probe that hangs ends by its own timeouts.
  private ProbeAnswer probe(Strategy strategy) {
    QueryEngine engine = Objects.requireNonNull(engines.get(strategy));
    CompletableFuture<Boolean> row = new CompletableFuture<>();
    long start = System.nanoTime();
    Thread.ofVirtual()
        .name("probe")
        .start(() -> {
          try {
            engine.probe(PROBE);
            boolean _ = row.complete(true);
          } catch (RuntimeException e) {
            boolean _ = row.completeExceptionally(e);
          }
        });
    ProbeAnswer.Builder answer = ProbeAnswer.newBuilder();
    try {
      answer.setOk(row.get(PROBE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      answer.setProblem("It did not answer within " + DurationText.words(PROBE) + ".");
    } catch (ExecutionException e) {
      answer.setProblem(CallFailures.sentence(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.setProblem("The cluster is being ended.");
    }
    return answer.setMicros((System.nanoTime() - start) / 1_000).build();
  }
}
