package dev.signalbox.strategy;

import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;

/// A call of any kind that is sent once. Everything passes through unchanged; only the headers gain
/// the route.
final class SingleCall<Q, R> extends SimpleForwardingClientCall<Q, R> {
  private final MethodWatch watch;
  private final Route route;
  private long began;

  SingleCall(ClientCall<Q, R> call, MethodWatch watch, Route route) {
    super(call);
    this.watch = watch;
    this.route = route;
  }

  @Override
  public void start(ClientCall.Listener<R> listener, Metadata headers) {
    began = watch.begin(route, headers);
    super.start(new Watching(listener), headers);
  }

  private final class Watching extends SimpleForwardingClientCallListener<R> {
    Watching(ClientCall.Listener<R> listener) {
      super(listener);
    }

    @Override
    public void onMessage(R message) {
      // Before the application sees it, so that its next query already goes where it should.
      watch.message(message);
      super.onMessage(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      watch.end(route, began, status);
      super.onClose(status, trailers);
    }
  }
}
