package dev.signalbox.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs why a call ended that none of our services answered. A message that cannot be read is its
/// sender's affair, who may send many: one line, and only for who looks. All else is a defect.
final class FailedCalls extends ServerStreamTracer.Factory {
  private static final Logger LOG = LoggerFactory.getLogger(FailedCalls.class);

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new ServerStreamTracer() {
      @Override
      public void streamClosed(Status status) {
        Throwable cause = status.getCause();
        if (status.getCode() != Status.Code.UNKNOWN || cause == null) {
          return;
        }
        if (cause.getCause() instanceof InvalidProtocolBufferException bad) {
          LOG.debug("A message for {} cannot be read: {}", method, bad.getMessage());
        } else {
          LOG.error("A call of {} failed for no reason that is known", method, cause);
        }
      }
    };
  }
}
