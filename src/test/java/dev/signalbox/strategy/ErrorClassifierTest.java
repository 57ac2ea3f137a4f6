package dev.signalbox.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.grpc.Status;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ErrorClassifierTest {
  private static final Map<Status, ErrorClass> KNOWN =
      Map.ofEntries(
          // As gRPC for C and Python says it, as gRPC for Java says it, as a gateway says it.
          Map.entry(
              Status.UNKNOWN.withDescription("Received http2 header with status: 456"),
              ErrorClass.WRONG_STRATEGY),
          Map.entry(
              Status.UNKNOWN.withDescription(
                  "HTTP status code 456\ninvalid content-type: text/plain"),
              ErrorClass.WRONG_STRATEGY),
          Map.entry(Status.UNKNOWN.withDescription("status: 456"), ErrorClass.WRONG_STRATEGY),
          Map.entry(Status.UNKNOWN.withDescription("status: 4567"), ErrorClass.PERMANENT),
          Map.entry(Status.UNKNOWN.withDescription("line 456"), ErrorClass.PERMANENT),
          Map.entry(Status.UNKNOWN, ErrorClass.PERMANENT),
          // The text of a query that failed is no refusal.
          Map.entry(
              Status.INVALID_ARGUMENT.withDescription("no column 'status: 456'"),
              ErrorClass.PERMANENT),
          Map.entry(
              Status.UNAVAILABLE.withDescription("Received http2 header with status: 503"),
              ErrorClass.SUSPENDED),
          Map.entry(
              Status.UNAVAILABLE.withDescription("HTTP status code 503\nno body"),
              ErrorClass.SUSPENDED),
          Map.entry(Status.UNAVAILABLE.withDescription("io exception"), ErrorClass.TRANSIENT),
          Map.entry(
              Status.UNAVAILABLE.withDescription("Channel shutdownNow invoked"),
              ErrorClass.CANCELLED),
          Map.entry(Status.INTERNAL.withDescription("Access denied"), ErrorClass.SESSION_GONE),
          Map.entry(Status.INTERNAL.withDescription("broken"), ErrorClass.PERMANENT),
          Map.entry(Status.RESOURCE_EXHAUSTED.withDescription("busy"), ErrorClass.TRANSIENT),
          Map.entry(
              Status.RESOURCE_EXHAUSTED.withDescription("gRPC message exceeds maximum size 4: 5"),
              ErrorClass.PERMANENT),
          Map.entry(Status.UNAUTHENTICATED, ErrorClass.BAD_CREDENTIALS),
          Map.entry(Status.DEADLINE_EXCEEDED, ErrorClass.TIMEOUT),
          Map.entry(Status.CANCELLED, ErrorClass.CANCELLED),
          Map.entry(Status.NOT_FOUND, ErrorClass.PERMANENT));

  @TestFactory
  Stream<DynamicTest> tellsTheKindOf() {
    return KNOWN.entrySet().stream()
        .map(known ->
            DynamicTest.dynamicTest(
                known.getKey().toString(),
                () ->
                    assertThat(ErrorClassifier.classify(known.getKey()))
                        .isEqualTo(known.getValue())));
  }

  @Test
  void looksIntoCauses() {
    RuntimeException wrapped = new RuntimeException(Status.DEADLINE_EXCEEDED.asRuntimeException());
    assertThat(ErrorClassifier.classify(wrapped)).isEqualTo(ErrorClass.TIMEOUT);
    assertThat(ErrorClassifier.classify(new IllegalStateException()))
        .isEqualTo(ErrorClass.PERMANENT);
    assertThatIllegalArgumentException().isThrownBy(() -> ErrorClassifier.classify(Status.OK));
  }

  @Test
  void saysOnlyTheFirstLine() {
    Status status = Status.UNKNOWN.withDescription("HTTP status code 456\n<html>long</html>");
    assertThat(ErrorClassifier.sentence(status)).isEqualTo("UNKNOWN (HTTP status code 456)");
    assertThat(ErrorClassifier.sentence(Status.ABORTED)).isEqualTo("ABORTED");
  }
}
