package dev.signalbox.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.strategy.wire.StatusRequest;
import dev.signalbox.support.Await;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A service with a call of each kind that sends back what it gets, and waits for the end.
final class CallKinds implements AutoCloseable {
  static final MethodDescriptor<StatusRequest, StatusRequest> ONE = method(MethodType.UNARY);
  static final MethodDescriptor<StatusRequest, StatusRequest> UP =
      method(MethodType.CLIENT_STREAMING);
  static final MethodDescriptor<StatusRequest, StatusRequest> DOWN =
      method(MethodType.SERVER_STREAMING);
  static final MethodDescriptor<StatusRequest, StatusRequest> BOTH =
      method(MethodType.BIDI_STREAMING);

  private final AtomicInteger cancelled = new AtomicInteger();
  private final Server server;

  CallKinds() throws IOException {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(
                ServerServiceDefinition.builder("kinds")
                    .addMethod(ONE, ServerCalls.asyncUnaryCall(CallKinds::once))
                    .addMethod(DOWN, ServerCalls.asyncServerStreamingCall(CallKinds::thrice))
                    .addMethod(UP, ServerCalls.asyncClientStreamingCall(this::collect))
                    .addMethod(BOTH, ServerCalls.asyncBidiStreamingCall(this::echo))
                    .build())
            .build()
            .start();
  }

  private static MethodDescriptor<StatusRequest, StatusRequest> method(MethodType type) {
    return MethodDescriptor.<StatusRequest, StatusRequest>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName("kinds", type.name()))
        .setRequestMarshaller(ProtoUtils.marshaller(StatusRequest.getDefaultInstance()))
        .setResponseMarshaller(ProtoUtils.marshaller(StatusRequest.getDefaultInstance()))
        .build();
  }

  private static void once(StatusRequest request, StreamObserver<StatusRequest> out) {
    out.onNext(request);
    out.onCompleted();
  }

  private static void thrice(StatusRequest request, StreamObserver<StatusRequest> out) {
    out.onNext(request);
    out.onNext(request);
    out.onNext(request);
    out.onCompleted();
  }

  private StreamObserver<StatusRequest> collect(StreamObserver<StatusRequest> out) {
    return new Echo(out, false);
  }

  private StreamObserver<StatusRequest> echo(StreamObserver<StatusRequest> out) {
    return new Echo(out, true);
  }

  private final class Echo implements StreamObserver<StatusRequest> {
    private final StreamObserver<StatusRequest> out;
    private final boolean each;
    private final StringBuilder ids = new StringBuilder();

    Echo(StreamObserver<StatusRequest> out, boolean each) {
      this.out = out;
      this.each = each;
      if (out instanceof ServerCallStreamObserver<StatusRequest> call) {
        call.setOnCancelHandler(cancelled::incrementAndGet);
      }
    }

    @Override
    public void onNext(StatusRequest request) {
      ids.append(request.getQueryId());
      if (each) {
        out.onNext(request);
      }
    }

    @Override
    public void onError(Throwable gone) {
      // Counted by the cancel handler.
    }

    @Override
    public void onCompleted() {
      if (!each) {
        out.onNext(request(ids.toString()));
      }
      out.onCompleted();
    }
  }

  String target() {
    return "localhost:" + server.getPort();
  }

  private static StatusRequest request(String id) {
    return StatusRequest.newBuilder().setQueryId(id).build();
  }

  void check(Channel channel) throws Exception {
    CallOptions options = CallOptions.DEFAULT;
    assertThat(ClientCalls.blockingUnaryCall(channel, ONE, options, request("a")))
        .isEqualTo(request("a"));
    List<StatusRequest> down = new ArrayList<>();
    ClientCalls.blockingServerStreamingCall(channel, DOWN, options, request("b"))
        .forEachRemaining(down::add);
    assertThat(down).hasSize(3);

    Answers up = new Answers();
    StreamObserver<StatusRequest> sending =
        ClientCalls.asyncClientStreamingCall(channel.newCall(UP, options), up);
    sending.onNext(request("c"));
    sending.onNext(request("d"));
    sending.onCompleted();
    assertThat(up.end.get(20, TimeUnit.SECONDS)).containsExactly(request("cd"));

    Answers both = new Answers();
    StreamObserver<StatusRequest> talking =
        ClientCalls.asyncBidiStreamingCall(channel.newCall(BOTH, options), both);
    talking.onNext(request("e"));
    Await.until("an answer before the end", () -> both.all.size() == 1);
    talking.onNext(request("f"));
    talking.onCompleted();
    assertThat(both.end.get(20, TimeUnit.SECONDS)).hasSize(2);

    Closing closing = new Closing();
    ClientCall<StatusRequest, StatusRequest> call = channel.newCall(BOTH, options);
    call.start(closing, new Metadata());
    call.request(1);
    call.sendMessage(request("g"));
    call.cancel("enough", null);
    assertThat(closing.status.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.CANCELLED);
  }

  private static final class Answers implements StreamObserver<StatusRequest> {
    final List<StatusRequest> all = java.util.Collections.synchronizedList(new ArrayList<>());
    final CompletableFuture<List<StatusRequest>> end = new CompletableFuture<>();

    @Override
    public void onNext(StatusRequest answer) {
      all.add(answer);
    }

    @Override
    public void onError(Throwable failure) {
      end.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      end.complete(List.copyOf(all));
    }
  }

  private static final class Closing extends ClientCall.Listener<StatusRequest> {
    final CompletableFuture<Status> status = new CompletableFuture<>();

    @Override
    public void onClose(Status ended, Metadata trailers) {
      status.complete(ended);
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      var _ = server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
