package dev.signalbox.entry;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/// A body that fails once it is longer than allowed; passes everything else through, back-pressure
/// included.
final class BoundedBody implements ReadStream<Buffer> {
  private final ReadStream<Buffer> stream;
  private final long limit;
  private final Runnable exceeded;
  private long seen;
  private @Nullable Handler<Throwable> failure;

  BoundedBody(ReadStream<Buffer> stream, long limit, Runnable exceeded) {
    this.stream = stream;
    this.limit = limit;
    this.exceeded = exceeded;
  }

  @Override
  public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
    failure = handler;
    stream.exceptionHandler(handler);
    return this;
  }

  @Override
  public ReadStream<Buffer> handler(@Nullable Handler<Buffer> handler) {
    stream.handler(handler == null ? null : chunk -> take(chunk, handler));
    return this;
  }

  private void take(Buffer chunk, Handler<Buffer> handler) {
    boolean before = seen > limit;
    seen += chunk.length();
    if (seen <= limit) {
      handler.handle(chunk);
    } else if (!before) {
      exceeded.run();
      Handler<Throwable> told = failure;
      if (told != null) {
        told.handle(new IllegalStateException("The body is longer than " + limit + " bytes."));
      }
    }
  }

  @Override
  public ReadStream<Buffer> pause() {
    stream.pause();
    return this;
  }

  @Override
  public ReadStream<Buffer> resume() {
    stream.resume();
    return this;
  }

  @Override
  public ReadStream<Buffer> fetch(long amount) {
    stream.fetch(amount);
    return this;
  }

  @Override
  public ReadStream<Buffer> endHandler(@Nullable Handler<Void> handler) {
    stream.endHandler(handler);
    return this;
  }
}
