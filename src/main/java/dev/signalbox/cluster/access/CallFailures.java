package dev.signalbox.cluster.access;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a call can end with. Clients act on some texts; nothing that a client or PostgreSQL said
/// may look like one of the first three.
public final class CallFailures {
  /// What RESOURCE_EXHAUSTED begins with when nothing was done: clients try such a query again.
  public static final String NOT_EXECUTED = "not executed: ";

  private static final int LONGEST = 1000;
  private static final Pattern STATUS =
      Pattern.compile("(status)(: | code )(456|503)", Pattern.CASE_INSENSITIVE);

  private CallFailures() {}

  /// The call carries a strategy whose stack takes no such calls (any more).
  public static StatusRuntimeException wrongStrategy() {
    return Status.UNKNOWN.withDescription("status: 456").asRuntimeException();
  }

  /// There is no such session for this strategy.
  public static StatusRuntimeException noSession() {
    return Status.INTERNAL.withDescription("Access denied").asRuntimeException();
  }

  public static StatusRuntimeException suspended() {
    return Status.UNAVAILABLE.withDescription("status: 503").asRuntimeException();
  }

  /// @param sentence may hold what a client or PostgreSQL said
  public static StatusRuntimeException of(Status.Code code, String sentence) {
    return code.toStatus().withDescription(safe(sentence)).asRuntimeException();
  }

  /// What a client would be told of a failure.
  public static String sentence(@Nullable Throwable failure) {
    String said =
        failure instanceof StatusRuntimeException e ? e.getStatus().getDescription() : null;
    return said == null ? "It failed for no reason that is known." : said;
  }

  /// Short enough for a header, and without the texts that clients act on.
  static String safe(String sentence) {
    String text = STATUS.matcher(sentence).replaceAll("$1 '$3'");
    text = text.replace("Access denied", "access denied");
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }
}
