package dev.signalbox.cluster;

import dev.signalbox.cluster.access.CallFacts;
import dev.signalbox.cluster.access.CallFailures;
import dev.signalbox.cluster.access.Users;
import dev.signalbox.cluster.state.StackSwitch;
import dev.signalbox.strategy.wire.ClusterServiceGrpc;
import dev.signalbox.strategy.wire.ClusterStatusRequest;
import dev.signalbox.strategy.wire.ClusterStatusResponse;
import dev.signalbox.strategy.wire.ResumeRequest;
import dev.signalbox.strategy.wire.ResumeResponse;
import dev.signalbox.strategy.wire.SuspendRequest;
import dev.signalbox.strategy.wire.SuspendResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/// Suspends and resumes the cluster for users, as existing connectors ask for it. A call for a
/// stack that takes no queries gets 456, as every call; one that names no stack is answered.
/// Operators suspend; everybody resumes, as existing connectors do when they find it suspended.
final class SuspendService extends ClusterServiceGrpc.ClusterServiceImplBase {
  private final StackSwitch stackSwitch;
  private final Users users;

  SuspendService(StackSwitch stackSwitch, Users users) {
    this.stackSwitch = stackSwitch;
    this.users = users;
  }

  private void admit(String user, String password) {
    CallFacts call = CallFacts.current();
    if (call.present() && !stackSwitch.state().accepts(call.strategy())) {
      throw CallFailures.wrongStrategy();
    }
    if (!users.knows(user, password)) {
      throw CallFailures.of(Status.Code.UNAUTHENTICATED, "The user or the password is wrong.");
    }
  }

  private String status() {
    return stackSwitch.state().suspended() ? "suspended" : "active";
  }

  @Override
  public void suspend(SuspendRequest request, StreamObserver<SuspendResponse> out) {
    var _ =
        Replies.answer(
            out,
            () -> {
              admit(request.getUser(), request.getPassword());
              if (!users.operator(request.getUser())) {
                throw CallFailures.of(
                    Status.Code.PERMISSION_DENIED,
                    "Only operators may suspend the cluster: users whose line in the users file"
                        + " ends with ':operator'.");
              }
              stackSwitch.suspend(true);
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
              stackSwitch.suspend(false);
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
