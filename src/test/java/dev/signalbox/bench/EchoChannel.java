package dev.signalbox.bench;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// A channel without a network: each call is answered at once, on the caller's thread, with the
/// same message. What is left is the cost of what stands before it.
final class EchoChannel extends Channel {
  private final Object answer;

  EchoChannel(Object answer) {
    this.answer = answer;
  }

  @Override
  public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
    return new EchoCall<>();
  }

  @Override
  public String authority() {
    return "echo";
  }

  private final class EchoCall<Q, R> extends ClientCall<Q, R> {
    private ClientCall.@Nullable Listener<R> listener;

    @Override
    public void start(ClientCall.Listener<R> responses, Metadata headers) {
      listener = responses;
    }

    @Override
    public void request(int count) {}

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {}

    @Override
    public void halfClose() {
      ClientCall.Listener<R> to = java.util.Objects.requireNonNull(listener);
      to.onHeaders(new Metadata());
      @SuppressWarnings("unchecked")
      R message = (R) answer;
      to.onMessage(message);
      to.onClose(Status.OK, new Metadata());
    }

    @Override
    public void sendMessage(Q message) {}
  }
}
