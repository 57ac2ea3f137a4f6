package dev.signalbox.engine.strategy.client;

import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;

/// A call of any kind that is sent once. Everything passes through unchanged; only the headers gain
/// the route.
final class SingleCall<Q, R> extends SimpleForwardingClientCall<Q, R> {
  private final CallWatch watch;

  SingleCall(ClientCall<Q, R> call, CallWatch watch) {
    super(call);
    this.watch = watch;
  }

  @Override
  public void start(ClientCall.Listener<R> listener, Metadata headers) {
    watch.start(headers);
    super.start(new Watching<>(listener, watch), headers);
  }

  private static final class Watching<R> extends SimpleForwardingClientCallListener<R> {
    private final CallWatch watch;

    Watching(ClientCall.Listener<R> listener, CallWatch watch) {
      super(listener);
      this.watch = watch;
    }

    @Override
    public void onMessage(R message) {
      // Before the application sees it, so that its next query already goes where it should.
      watch.message(message);
      super.onMessage(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      watch.end(status);
      super.onClose(status, trailers);
    }
  }
}
