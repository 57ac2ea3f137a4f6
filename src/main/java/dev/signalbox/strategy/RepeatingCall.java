package dev.signalbox.strategy;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A unary call that may be sent again: up to so many times after a failure that passes, with
/// growing pauses, within its one deadline, and never after something of an answer was delivered.
///
/// gRPC's own retries cannot tell a suspended cluster from a broken connection.
final class RepeatingCall<Q, R> extends ClientCall<Q, R> {
  /// 0.2 s, 0.4 s, 0.8 s: together longer than gRPC waits before it connects again.
  private static final long FIRST_PAUSE_MILLIS = 200;

  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final Channel next;
  private final MethodDescriptor<Q, R> method;
  private final CallOptions options;
  private final MethodWatch watch;
  private final Route route;
  private final int retries;

  private final Object lock = new Object();
  // All below are guarded by `lock`.
  private ClientCall<Q, R> call;
  private int repeated;
  private boolean waiting;
  private boolean ended;
  private int requested;
  private boolean halfClosed;
  private boolean compressed = true;
  private @Nullable Q message;
  private @Nullable Status cancelled;
  // Set by start, before anything else happens.
  private long began;
  private ClientCall.@Nullable Listener<R> listener;
  private @Nullable Metadata headers;

  RepeatingCall(
      Channel next,
      MethodDescriptor<Q, R> method,
      CallOptions options,
      MethodWatch watch,
      Route route,
      int retries) {
    this.next = next;
    this.method = method;
    this.options = options;
    this.watch = watch;
    this.route = route;
    this.retries = retries;
    call = next.newCall(method, options);
  }

  @Override
  public void start(ClientCall.Listener<R> responses, Metadata metadata) {
    long now = watch.begin(route, metadata);
    synchronized (lock) {
      began = now;
      listener = responses;
      headers = metadata;
    }
    current().start(new Attempt(responses), metadata);
  }

  private ClientCall<Q, R> current() {
    synchronized (lock) {
      return call;
    }
  }

  @Override
  public void request(int count) {
    ClientCall<Q, R> to;
    synchronized (lock) {
      requested += count;
      if (waiting) {
        return;
      }
      to = call;
    }
    to.request(count);
  }

  @Override
  public void sendMessage(Q request) {
    ClientCall<Q, R> to;
    synchronized (lock) {
      message = request;
      if (waiting) {
        return;
      }
      to = call;
    }
    to.sendMessage(request);
  }

  @Override
  public void halfClose() {
    ClientCall<Q, R> to;
    synchronized (lock) {
      halfClosed = true;
      if (waiting) {
        return;
      }
      to = call;
    }
    to.halfClose();
  }

  @Override
  public void cancel(@Nullable String why, @Nullable Throwable cause) {
    ClientCall<Q, R> to;
    synchronized (lock) {
      if (cancelled == null) {
        cancelled = Status.CANCELLED.withDescription(why).withCause(cause);
      }
      if (waiting) {
        // Nothing is under way: the end is told from here.
        waiting = false;
        to = null;
      } else {
        to = call;
      }
    }
    if (to != null) {
      to.cancel(why, cause);
    } else {
      executor().execute(() -> finish(Status.CANCELLED.withDescription(why).withCause(cause)));
    }
  }

  private void finish(Status status) {
    ClientCall.Listener<R> told;
    synchronized (lock) {
      told = listener;
      if (ended || told == null) {
        return;
      }
      ended = true;
    }
    watch.end(route, began, status);
    told.onClose(status, new Metadata());
  }

  /// @return false when the failure has to be told
  private boolean again(Status status) {
    if (ErrorClassifier.classify(status) != ErrorClass.TRANSIENT) {
      return false;
    }
    long pause;
    synchronized (lock) {
      if (repeated >= retries || cancelled != null) {
        return false;
      }
      long base = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << repeated);
      // Not all clients of a stack that comes back knock at the same moment.
      pause = base + ThreadLocalRandom.current().nextLong(base / 4);
      Deadline deadline = options.getDeadline();
      if (deadline != null && deadline.timeRemaining(TimeUnit.MILLISECONDS) <= pause) {
        return false;
      }
      repeated++;
      waiting = true;
    }
    CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS, executor())
        .execute(this::repeat);
    return true;
  }

  private Executor executor() {
    Executor own = options.getExecutor();
    return own == null ? Thread::startVirtualThread : own;
  }

  private void repeat() {
    ClientCall<Q, R> to;
    ClientCall.Listener<R> responses;
    Metadata again = new Metadata();
    synchronized (lock) {
      responses = listener;
      if (!waiting || responses == null || headers == null) {
        return;
      }
      // gRPC keeps what it is given: each attempt has headers of its own.
      again.merge(headers);
      to = next.newCall(method, options);
      call = to;
      waiting = false;
      to.start(new Attempt(responses), again);
      if (requested > 0) {
        to.request(requested);
      }
      if (message != null) {
        to.setMessageCompression(compressed);
        to.sendMessage(message);
      }
      if (halfClosed) {
        to.halfClose();
      }
    }
  }

  @Override
  public void setMessageCompression(boolean enabled) {
    synchronized (lock) {
      compressed = enabled;
    }
    current().setMessageCompression(enabled);
  }

  @Override
  public boolean isReady() {
    synchronized (lock) {
      return !waiting && call.isReady();
    }
  }

  @Override
  public Attributes getAttributes() {
    return current().getAttributes();
  }

  /// Listens to one attempt.
  private final class Attempt extends ClientCall.Listener<R> {
    private final ClientCall.Listener<R> told;
    private @Nullable Metadata held;
    private boolean delivered;

    Attempt(ClientCall.Listener<R> told) {
      this.told = told;
    }

    @Override
    public void onHeaders(Metadata responseHeaders) {
      // Held back until the answer comes: an attempt that fails after its headers leaves no trace.
      held = responseHeaders;
    }

    @Override
    public void onMessage(R answer) {
      tellHeaders();
      delivered = true;
      watch.message(answer);
      told.onMessage(answer);
    }

    private void tellHeaders() {
      if (held != null) {
        told.onHeaders(held);
        held = null;
      }
    }

    @Override
    public void onReady() {
      told.onReady();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (!status.isOk() && !delivered && again(status)) {
        return;
      }
      synchronized (lock) {
        if (ended) {
          return;
        }
        ended = true;
      }
      tellHeaders();
      watch.end(route, began, status);
      told.onClose(status, trailers);
    }
  }
}
