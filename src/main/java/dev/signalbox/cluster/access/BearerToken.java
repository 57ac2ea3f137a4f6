package dev.signalbox.cluster.access;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Lets calls pass that carry `authorization: Bearer <token>`.
public final class BearerToken implements ServerInterceptor {
  private static final int LEAST = 16;
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final byte[] expected;

  /// @throws IllegalStateException with a sentence, when the token is too short to be a secret
  public BearerToken(String token) {
    if (token.length() < LEAST) {
      throw new IllegalStateException(
          "The token of the control service must have at least " + LEAST + " characters.");
    }
    this.expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    String given = headers.get(AUTHORIZATION);
    byte[] bytes = (given == null ? "" : given).getBytes(StandardCharsets.UTF_8);
    if (MessageDigest.isEqual(expected, bytes)) {
      return next.startCall(call, headers);
    }
    call.close(
        Status.UNAUTHENTICATED.withDescription(
            "The control service of the cluster wants its bearer token."),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
