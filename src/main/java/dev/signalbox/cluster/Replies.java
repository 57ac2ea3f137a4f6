package dev.signalbox.cluster;

import dev.signalbox.cluster.access.CallFailures;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers unary calls: with what the work gives, or with why it did not.
final class Replies {
  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

  private Replies() {}

  /// @return OK when it was answered well
  static <T> Status.Code answer(StreamObserver<T> out, Supplier<T> work) {
    T reply;
    try {
      reply = work.get();
    } catch (StatusRuntimeException e) {
      out.onError(e);
      return e.getStatus().getCode();
    } catch (RuntimeException e) {
      LOG.error("A call failed for no reason that is known", e);
      out.onError(
          CallFailures.of(
              Status.Code.INTERNAL,
              "The cluster has a defect; its log says more about this call."));
      return Status.Code.INTERNAL;
    }
    out.onNext(reply);
    out.onCompleted();
    return Status.Code.OK;
  }
}
