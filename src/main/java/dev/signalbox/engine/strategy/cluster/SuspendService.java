package dev.signalbox.engine.strategy.cluster;

import dev.signalbox.engine.strategy.client.wire.ClusterServiceGrpc;
import dev.signalbox.engine.strategy.client.wire.ClusterStatusRequest;
import dev.signalbox.engine.strategy.client.wire.ClusterStatusResponse;
import dev.signalbox.engine.strategy.client.wire.ResumeRequest;
import dev.signalbox.engine.strategy.client.wire.ResumeResponse;
import dev.signalbox.engine.strategy.client.wire.SuspendRequest;
import dev.signalbox.engine.strategy.client.wire.SuspendResponse;
import dev.signalbox.engine.strategy.cluster.access.CallFacts;
import dev.signalbox.engine.strategy.cluster.access.Failures;
import dev.signalbox.engine.strategy.cluster.access.Users;
import dev.signalbox.engine.strategy.cluster.state.Switchboard;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/// Suspends and resumes the cluster for users, as existing connectors ask for it. A call for a
/// stack that takes no queries gets 456, as every call; one that names no stack is answered.
/// Operators suspend; everybody resumes, as existing connectors do when they find it suspended.
final class SuspendService extends ClusterServiceGrpc.ClusterServiceImplBase {
  private final Switchboard switchboard;
  private final Users users;

  SuspendService(Switchboard switchboard, Users users) {
    this.switchboard = switchboard;
    this.users = users;
  }

  private void admit(String user, String password) {
    CallFacts call = CallFacts.current();
    if (call.present() && !switchboard.state().accepts(call.strategy())) {
      throw Failures.wrongStrategy();
    }
    if (!users.knows(user, password)) {
      throw Failures.of(Status.Code.UNAUTHENTICATED, "The user or the password is wrong.");
    }
  }

  private String status() {
    return switchboard.state().suspended() ? "suspended" : "active";
  }

  @Override
  public void suspend(SuspendRequest request, StreamObserver<SuspendResponse> out) {
    var _ =
        Replies.answer(
            out,
            () -> {
              admit(request.getUser(), request.getPassword());
              if (!users.operator(request.getUser())) {
                throw Failures.of(
                    Status.Code.PERMISSION_DENIED,
                    "Only operators may suspend the cluster: users whose line in the users file"
                        + " ends with ':operator'.");
              }
              switchboard.suspend(true);
              return SuspendResponse.newBuilder().setStatus(status()).build();
            });
  }

  @Override
  public void resume(ResumeRequest request, StreamObserver<ResumeResponse> out) {
    var _ =
        Replies.answer(
            out,
            () -> {
              admit(request.getUser(), request.getPassword());
              switchboard.suspend(false);
              return ResumeResponse.newBuilder().setStatus(status()).build();
            });
  }

  @Override
  public void status(ClusterStatusRequest request, StreamObserver<ClusterStatusResponse> out) {
    var _ =
        Replies.answer(
            out,
            () -> {
              admit(request.getUser(), request.getPassword());
              return ClusterStatusResponse.newBuilder().setStatus(status()).build();
            });
  }
}
