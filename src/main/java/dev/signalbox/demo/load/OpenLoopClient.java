package dev.signalbox.demo.load;

import dev.signalbox.demo.load.Counts.Ended;
import dev.signalbox.demo.load.Counts.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Sends requests at a constant rate, on schedule, also while earlier ones wait; every wait counts
/// from the intended time, so that a pause of the service is felt in full by every request that was
/// due in it. Nothing is ever sent twice.
///
/// It counts from [#start], or from the end of a [WarmUp]: what was due before is told apart and is
/// in no count of the run. The ledger has both: what was promised holds either way.
///
/// Thread-safe. Requests run on one event loop; a pacing thread hands them over.
public final class OpenLoopClient implements AutoCloseable {
  /// In nanoseconds; no request waits as long.
  private static final long LONGEST_WAIT = TimeUnit.HOURS.toNanos(1);

  private final LoadSettings settings;
  private final Ledger ledger;
  private final Vertx vertx;
  private final Context loop;
  private final Sender sender;
  private final SplittableRandom random;
  private final Set<Request> open = ConcurrentHashMap.newKeySet();
  private final Object lock = new Object();

  // Guarded by lock.
  private final Histogram waits = new Histogram(1_000, LONGEST_WAIT, 2);
  private final List<Window> windows = new ArrayList<>();
  private Counts total = Counts.NONE;
  private Counts uncounted = Counts.NONE;
  private Counts sinceAsked = Counts.NONE;
  private long asked = System.nanoTime();
  private boolean counting;
  private long countedFrom;
  private @Nullable Window current;

  private volatile Pacer pacer;
  private volatile boolean ending;
  private volatile boolean closed;

  /// Sends nothing yet.
  public OpenLoopClient(LoadSettings settings, Ledger ledger) {
    this.settings = settings;
    this.ledger = ledger;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                // It would make a folder in /tmp.
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    this.loop = vertx.getOrCreateContext();
    this.sender = new Sender(vertx, settings);
    this.pacer = new Pacer(settings.rate(), this::due);
    this.random = new SplittableRandom(settings.seed());
  }

  /// Sends and counts.
  public void start() {
    count();
    send(settings.rate());
  }

  /// Sends at this rate from now on; counts not before [#count]. Nothing happens when the load was
  /// ended meanwhile.
  void send(double rate) {
    synchronized (lock) {
      pacer.stop();
      if (!ending) {
        pacer = new Pacer(rate, this::due);
        pacer.start();
      }
    }
  }

  /// Sends no more until [#send].
  void pause() {
    pacer.stop();
  }

  /// Counts what is due from now on.
  void count() {
    synchronized (lock) {
      countedFrom = System.nanoTime();
      counting = true;
    }
  }

  /// What ended since this was asked the last time, counted or not.
  LoadWindow window() {
    synchronized (lock) {
      long now = System.nanoTime();
      LoadWindow window =
          new LoadWindow(Duration.ofNanos(Math.max(1, now - asked)), sinceAsked, open.size());
      asked = now;
      sinceAsked = Counts.NONE;
      return window;
    }
  }

  /// What was due before it was counted.
  public Counts uncounted() {
    synchronized (lock) {
      return uncounted;
    }
  }

  /// Whether it is to send no more.
  boolean isEnding() {
    return ending;
  }

  /// On the pacing thread.
  private void due(long intended) {
    Request request = choose(intended);
    open.add(request);
    if (request.id() != null) {
      ledger.open(request.id(), request.account(), request.to(), request.amount());
    }
    loop.runOnContext(ignored -> send(request));
  }

  /// On the event loop. Once the client is being closed there is nothing to send with.
  private void send(Request request) {
    if (closed) {
      open.remove(request);
      return;
    }
    sender.send(request).onComplete(r -> ended(request, r.result()));
  }

  private Request choose(long intended) {
    double what = random.nextDouble();
    boolean fresh = random.nextDouble() < settings.freshShare();
    int from = 1 + random.nextInt(settings.accounts());
    if (what < settings.writeShare()) {
      int to = 1 + (from + random.nextInt(settings.accounts() - 1)) % settings.accounts();
      UUID id = new UUID(random.nextLong(), random.nextLong());
      return new Request(intended, fresh, "/api/transfers", id, from, to, 1 + random.nextInt(9));
    }
    String path =
        what < settings.writeShare() + settings.pageShare() ? "/" : "/api/accounts/" + from;
    return new Request(intended, fresh, path, null, from, from, 0);
  }

  /// On the event loop.
  private void ended(Request request, Sender.Answer answer) {
    long now = System.nanoTime();
    if (request.id() != null) {
      if (answer.outcome() == Outcome.ANSWERED) {
        ledger.acknowledged(request.id());
      } else {
        ledger.failed(request.id());
      }
    }
    Ended ended =
        new Ended(answer.outcome(), answer.stack(), Duration.ofNanos(now - request.intended()));
    synchronized (lock) {
      sinceAsked = sinceAsked.plus(ended);
      if (counting && request.intended() - countedFrom >= 0) {
        waits.recordValue(Math.clamp(ended.waited().toNanos(), 0, LONGEST_WAIT));
        total = total.plus(ended);
        for (Window window : windows) {
          window.count(request.intended(), ended);
        }
      } else {
        uncounted = uncounted.plus(ended);
      }
      open.remove(request);
    }
  }

  /// From now on the waits belong to a switch.
  ///
  /// @throws IllegalStateException when the one before has not ended
  public void beginSwitch(String label) {
    synchronized (lock) {
      if (current != null) {
        throw new IllegalStateException("The switch " + current.label + " has not ended.");
      }
      current = new Window(label, System.nanoTime());
      windows.add(current);
    }
  }

  /// Ends the switch, and waits until every request that was due before now has ended: at most the
  /// timeout of a request.
  public SwitchWindow endSwitch() throws InterruptedException {
    Window window;
    synchronized (lock) {
      if (current == null) {
        throw new IllegalStateException("No switch has begun.");
      }
      window = current;
      window.end = System.nanoTime();
      current = null;
    }
    awaitEnded(window.end);
    synchronized (lock) {
      windows.remove(window);
      return window.result();
    }
  }

  private void awaitEnded(long time) throws InterruptedException {
    long limit = System.nanoTime() + settings.timeout().plusSeconds(5).toNanos();
    while (System.nanoTime() < limit) {
      if (pacer.isPast(time) && open.stream().noneMatch(r -> r.intended() - time <= 0)) {
        return;
      }
      LockSupport.parkNanos(1_000_000);
      if (Thread.interrupted()) {
        throw new InterruptedException("Interrupted while requests were still open");
      }
    }
    throw new IllegalStateException(
        open.size() + " requests have neither been answered nor timed out.");
  }

  /// Of the run so far.
  public Counts counts() {
    synchronized (lock) {
      return total;
    }
  }

  /// The wait that this share of the requests of the whole run did not exceed, to two digits; zero
  /// when there are none.
  public Duration quantile(double share) {
    synchronized (lock) {
      return Duration.ofNanos(waits.getValueAtPercentile(share * 100));
    }
  }

  /// Requests that have no answer yet.
  public int open() {
    return open.size();
  }

  /// By how much the client itself was late with a request, at worst: part of the waits.
  public Duration ownDelay() {
    return Duration.ofNanos(pacer.latestNanos());
  }

  public Ledger ledger() {
    return ledger;
  }

  /// Sends no more, and waits for the answers: at most the timeout of a request.
  public void finish() throws InterruptedException {
    end();
    awaitEnded(System.nanoTime());
  }

  private void end() {
    synchronized (lock) {
      ending = true;
    }
    pacer.stop();
  }

  /// Sends no more and closes the connections. Call [#finish] before, or requests under way break.
  @Override
  public void close() {
    end();
    if (closed) {
      return;
    }
    closed = true;
    // What was handed over is passed before the connections go.
    Promise<Void> passed = Promise.promise();
    loop.runOnContext(ignored -> passed.complete());
    try {
      passed.future().await(5, TimeUnit.SECONDS);
      vertx.close().await(5, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("The client's event loop did not end within 5 s", e);
    }
  }

  /// One request. No two are due at the same time, so no two are equal.
  ///
  /// @param id of a transfer; null for a read
  record Request(
      long intended,
      boolean fresh,
      String path,
      @Nullable UUID id,
      long account,
      long to,
      long amount) {}

  /// Guarded by the client's lock.
  private static final class Window {
    private final String label;
    private final long begin;
    private long end = Long.MAX_VALUE;
    private Counts counts = Counts.NONE;

    Window(String label, long begin) {
      this.label = label;
      this.begin = begin;
    }

    /// A request that ends while we are asked ended after our begin: it overlaps when it was due
    /// before our end.
    void count(long intended, Ended ended) {
      if (end == Long.MAX_VALUE || intended - end <= 0) {
        counts = counts.plus(ended);
      }
    }

    SwitchWindow result() {
      return new SwitchWindow(label, Duration.ofNanos(end - begin), counts);
    }
  }
}
