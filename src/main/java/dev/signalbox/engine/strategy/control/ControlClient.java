package dev.signalbox.engine.strategy.control;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.release.DeposedException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ConnectivityState;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Drives a query cluster through its control interface. Thread-safe. Every call ends within
/// [#TIMEOUT], and none is repeated by itself.
///
/// All commands throw [DeposedException] when the cluster has obeyed a higher epoch,
/// [ClusterRefusedException] when it says no for another reason, and [IOException] when it is not
/// known whether it obeyed: look at [#status] then.
public final class ControlClient implements AutoCloseable {
  public static final Duration TIMEOUT = Duration.ofSeconds(2);

  /// A list of 20,000 clients fits.
  private static final int MAX_MESSAGE = 64 * 1024 * 1024;

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final URI control;
  private final ManagedChannel channel;
  private final ClusterControlGrpc.ClusterControlBlockingStub stub;

  /// Connects to nothing yet. The token is read anew for each call.
  public ControlClient(URI control, SecretSource token) {
    this.control = control;
    this.channel =
        Grpc.newChannelBuilderForAddress(
                control.getHost(), control.getPort(), InsecureChannelCredentials.create())
            .maxInboundMessageSize(MAX_MESSAGE)
            .build();
    this.stub = ClusterControlGrpc.newBlockingStub(channel).withInterceptors(new Bearer(token));
  }

  public ClusterStatus status() throws IOException, InterruptedException {
    return call(s -> s.status(StatusQuery.getDefaultInstance()));
  }

  /// Every client that reports.
  public List<ClientEntry> clients() throws IOException, InterruptedException {
    return call(s -> s.clients(ClientsQuery.getDefaultInstance())).getClientsList();
  }

  /// Makes `epoch` the lowest that is obeyed.
  public ClusterStatus drive(long epoch) throws IOException, InterruptedException {
    return call(s -> s.drive(DriveCommand.newBuilder().setEpoch(epoch).build()));
  }

  /// New queries belong on `colour` from now on; the live one takes an announcement back.
  public ClusterStatus announce(long epoch, Colour colour)
      throws IOException, InterruptedException {
    AnnounceCommand command =
        AnnounceCommand.newBuilder().setEpoch(epoch).setStrategy(colour.id()).build();
    return call(s -> s.announce(command));
  }

  /// The other stack answers new work with 456 from now on.
  ///
  /// @param letEnd whether its open queries may go on to their end; if not, it is refused while
  ///   there are any
  public ClusterStatus makeLive(long epoch, Colour colour, boolean letEnd)
      throws IOException, InterruptedException {
    MakeLiveCommand command =
        MakeLiveCommand.newBuilder()
            .setEpoch(epoch)
            .setStrategy(colour.id())
            .setLetEnd(letEnd)
            .build();
    return call(s -> s.makeLive(command));
  }

  /// @return whether there was such a query
  public boolean cancel(long epoch, String queryId) throws IOException, InterruptedException {
    CancelQueryCommand command =
        CancelQueryCommand.newBuilder().setEpoch(epoch).setQueryId(queryId).build();
    return call(s -> s.cancelQuery(command)).getFound();
  }

  /// Every new query is answered with 503 from now on.
  public ClusterStatus suspend(long epoch) throws IOException, InterruptedException {
    return call(s -> s.suspend(SuspendCommand.newBuilder().setEpoch(epoch).build()));
  }

  public ClusterStatus resume(long epoch) throws IOException, InterruptedException {
    return call(s -> s.resume(ResumeCommand.newBuilder().setEpoch(epoch).build()));
  }

  /// Asks the engine of one stack through its whole path.
  public ProbeAnswer probe(Colour colour) throws IOException, InterruptedException {
    return call(s -> s.probe(ProbeQuery.newBuilder().setStrategy(colour.id()).build()));
  }

  private <T> T call(Function<ClusterControlGrpc.ClusterControlBlockingStub, T> call)
      throws IOException, InterruptedException {
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      // Left alone it would wait up to two minutes before it connects to a cluster that is back.
      channel.resetConnectBackoff();
    }
    try {
      return call.apply(stub.withDeadlineAfter(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
    } catch (StatusRuntimeException e) {
      if (Thread.interrupted()) {
        throw interrupted(e);
      }
      throw failure(e);
    }
  }

  private static InterruptedException interrupted(StatusRuntimeException cause) {
    InterruptedException interrupted = new InterruptedException("cancelled");
    interrupted.initCause(cause);
    return interrupted;
  }

  private IOException failure(StatusRuntimeException e) {
    Status status = e.getStatus();
    String said = status.getDescription() == null ? "" : status.getDescription();
    return switch (status.getCode()) {
      case FAILED_PRECONDITION -> {
        if (said.startsWith("deposed")) {
          throw new DeposedException("The query cluster refused: " + said, e);
        }
        yield new ClusterRefusedException("The query cluster refused: " + said, e);
      }
      case INVALID_ARGUMENT, NOT_FOUND, UNIMPLEMENTED, RESOURCE_EXHAUSTED ->
          new ClusterRefusedException("The query cluster refused: " + said, e);
      case UNAUTHENTICATED, PERMISSION_DENIED ->
          new ClusterRefusedException(
              "The query cluster at "
                  + control
                  + " does not accept the token. Check 'strategy.token' in signalbox.yaml.",
              e);
      case DEADLINE_EXCEEDED ->
          new IOException(
              "The query cluster's control interface at "
                  + control
                  + " did not answer within "
                  + TIMEOUT.toSeconds()
                  + " s.",
              e);
      default ->
          new IOException(
              "The query cluster's control interface at "
                  + control
                  + " does not answer ("
                  + status.getCode()
                  + (said.isEmpty() ? "" : ", " + said)
                  + "). Check that the cluster runs.",
              e);
    };
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /// Puts the token on each call.
  private record Bearer(SecretSource token) implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          headers.put(AUTHORIZATION, "Bearer " + token.read());
          super.start(listener, headers);
        }
      };
    }
  }
}
