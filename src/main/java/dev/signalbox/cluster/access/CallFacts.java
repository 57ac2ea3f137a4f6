package dev.signalbox.cluster.access;

import dev.signalbox.strategy.Strategy;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a call on the wire port brings beside its message.
///
/// @param given the header `strategy`; empty when it is missing or neither blue nor green
/// @param present whether there was such a header at all
/// @param peer the client's address
public record CallFacts(Optional<Strategy> given, boolean present, String peer) {
  private static final Metadata.Key<String> STRATEGY =
      Metadata.Key.of("strategy", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<CallFacts> KEY = Context.key("call-facts");

  /// Of the call that the current thread works for.
  public static CallFacts current() {
    return Objects.requireNonNull(KEY.get(), "not in a call");
  }

  /// The stack that the call is for.
  ///
  /// @throws io.grpc.StatusRuntimeException `status: 456` when it names none
  public Strategy strategy() {
    return given.orElseThrow(CallFailures::wrongStrategy);
  }

  /// Puts the facts where [#current] finds them.
  public static ServerInterceptor interceptor() {
    return new ServerInterceptor() {
      @Override
      public <A, B> ServerCall.Listener<A> interceptCall(
          ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        @Nullable String text = headers.get(STRATEGY);
        CallFacts facts =
            new CallFacts(
                text == null ? Optional.empty() : Strategy.parse(text),
                text != null,
                peer(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
        return Contexts.interceptCall(Context.current().withValue(KEY, facts), call, headers, next);
      }
    };
  }

  private static String peer(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : "";
  }
}
