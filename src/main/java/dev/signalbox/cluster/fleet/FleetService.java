package dev.signalbox.cluster.fleet;

import dev.signalbox.cluster.access.CallFacts;
import dev.signalbox.cluster.access.CallFailures;
import dev.signalbox.cluster.session.ClientSession;
import dev.signalbox.cluster.session.ClientSessions;
import dev.signalbox.strategy.fleet.ClientReport;
import dev.signalbox.strategy.fleet.FleetGrpc;
import dev.signalbox.strategy.fleet.ReportAnswer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Takes reports of clients that hold an open session. Never blocks: it runs on the threads of the
/// network.
public final class FleetService extends FleetGrpc.FleetImplBase {
  private final ClientSessions sessions;
  private final FleetRegistry registry;

  public FleetService(ClientSessions sessions, FleetRegistry registry) {
    this.sessions = sessions;
    this.registry = registry;
  }

  @Override
  public StreamObserver<ClientReport> report(StreamObserver<ReportAnswer> answer) {
    return new Reports(answer, CallFacts.current().peer());
  }

  /// One client's stream. gRPC calls it from one thread at a time.
  private final class Reports implements StreamObserver<ClientReport> {
    private final StreamObserver<ReportAnswer> answer;
    private final String peer;
    private @Nullable String clientId;
    private boolean over;

    Reports(StreamObserver<ReportAnswer> answer, String peer) {
      this.answer = answer;
      this.peer = peer;
    }

    @Override
    public void onNext(ClientReport report) {
      if (over) {
        return;
      }
      Optional<ClientSession> session = sessions.find(report.getSessionId());
      Optional<ClientReport> clean = FleetRegistry.clipped(report);
      if (session.isEmpty()) {
        refuse(CallFailures.noSession());
      } else if (clean.isEmpty()) {
        refuse(
            CallFailures.of(
                Status.Code.INVALID_ARGUMENT, "client_id must have 1 to 64 characters."));
      } else if (clientId != null && !clientId.equals(report.getClientId())) {
        refuse(
            CallFailures.of(
                Status.Code.INVALID_ARGUMENT, "A stream is of one client: client_id changed."));
      } else {
        take(clean.get(), session.get());
      }
    }

    private void take(ClientReport report, ClientSession session) {
      switch (registry.take(report, peer, session.user(), session.id(), this)) {
        case TAKEN -> clientId = report.getClientId();
        case NOT_YOURS ->
            refuse(
                CallFailures.of(
                    Status.Code.PERMISSION_DENIED,
                    "Another user has a client of this client_id. Choose another one."));
        case TOO_MANY ->
            refuse(
                CallFailures.of(
                    Status.Code.RESOURCE_EXHAUSTED,
                    "The cluster takes reports of " + FleetRegistry.MOST_CLIENTS + " clients."));
        case TOO_MANY_OF_THE_SESSION ->
            refuse(
                CallFailures.of(
                    Status.Code.RESOURCE_EXHAUSTED,
                    "The cluster takes reports of "
                        + FleetRegistry.MOST_PER_SESSION
                        + " clients with one session."));
      }
    }

    private void refuse(StatusRuntimeException why) {
      end();
      answer.onError(why);
    }

    private void end() {
      over = true;
      if (clientId != null) {
        registry.ended(clientId, this);
      }
    }

    @Override
    public void onError(Throwable gone) {
      // The connection broke: the last report stays, and counts as silent soon.
      over = true;
    }

    @Override
    public void onCompleted() {
      if (!over) {
        end();
        answer.onNext(ReportAnswer.getDefaultInstance());
        answer.onCompleted();
      }
    }
  }
}
