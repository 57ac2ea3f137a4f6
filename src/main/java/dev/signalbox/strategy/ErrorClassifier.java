package dev.signalbox.strategy;

import io.grpc.Status;

/// Says what kind of failure a status is.
///
/// A proxy in front of the stacks answers with a bare HTTP status, of which each gRPC library makes
/// a text of its own: `Received http2 header with status: 456` in C and Python, `HTTP status code
/// 456` in Java. Both are known, and the exact `status: 456` of a gateway that answers by itself.
public final class ErrorClassifier {
  private ErrorClassifier() {}

  /// @throws IllegalArgumentException for OK
  public static ErrorClass classify(Status status) {
    String text = status.getDescription() == null ? "" : status.getDescription();
    return switch (status.getCode()) {
      case OK -> throw new IllegalArgumentException("OK is no failure.");
      case CANCELLED -> ErrorClass.CANCELLED;
      case DEADLINE_EXCEEDED -> ErrorClass.TIMEOUT;
      case UNAUTHENTICATED -> ErrorClass.BAD_CREDENTIALS;
      case UNKNOWN -> carries(text, "456") ? ErrorClass.WRONG_STRATEGY : ErrorClass.PERMANENT;
      case UNAVAILABLE -> unavailable(text);
      case INTERNAL ->
          text.contains("Access denied") ? ErrorClass.SESSION_GONE : ErrorClass.PERMANENT;
      // Overload passes, but a message that is too long stays so.
      case RESOURCE_EXHAUSTED ->
          text.contains("exceeds maximum size") ? ErrorClass.PERMANENT : ErrorClass.TRANSIENT;
      case INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          FAILED_PRECONDITION,
          ABORTED,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          DATA_LOSS ->
          ErrorClass.PERMANENT;
    };
  }

  /// Whether the cluster was full and says that it did not do what the call asked for. Other
  /// overloads leave that open.
  public static boolean notExecuted(Status status) {
    return status.getCode() == Status.Code.RESOURCE_EXHAUSTED
        && status.getDescription() != null
        && status.getDescription().startsWith("not executed:");
  }

  private static ErrorClass unavailable(String text) {
    // This side closed its own channel: the cluster has nothing to do with it.
    if (text.startsWith("Channel shutdown")) {
      return ErrorClass.CANCELLED;
    }
    return carries(text, "503") ? ErrorClass.SUSPENDED : ErrorClass.TRANSIENT;
  }

  /// Looks into the causes for a gRPC status, too.
  ///
  /// @return PERMANENT when there is none
  public static ErrorClass classify(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    return status.isOk() ? ErrorClass.PERMANENT : classify(status);
  }

  private static boolean carries(String text, String code) {
    return ends(text, "status: " + code) || ends(text, "HTTP status code " + code);
  }

  private static boolean ends(String text, String words) {
    int at = text.indexOf(words);
    if (at < 0) {
      return false;
    }
    int after = at + words.length();
    return after == text.length() || !Character.isDigit(text.charAt(after));
  }

  /// In one line, at most 200 characters, for an error's message.
  public static String sentence(Status status) {
    String text = status.getDescription() == null ? "" : status.getDescription();
    int line = text.indexOf('\n');
    String first = line < 0 ? text : text.substring(0, line);
    String shown = first.length() > 200 ? first.substring(0, 200) : first;
    return shown.isBlank() ? status.getCode().name() : status.getCode() + " (" + shown + ")";
  }
}
