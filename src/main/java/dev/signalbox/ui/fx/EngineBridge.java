package dev.signalbox.ui.fx;

import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries the newest state of an engine to the JavaFX thread: at most once per `gap`, at least
/// once a second (ages grow while an engine is silent), and with at most one runnable waiting
/// there. What comes faster is conflated; events are not, up to the bound of the history.
///
/// Sequences have gaps, and an entry may arrive after one with a higher number: a database that did
/// not answer held it alone. So the newest entries are read again, and nothing is reckoned from
/// numbers.
///
/// Its own virtual thread paces; neither the engine's thread nor the JavaFX thread ever waits.
public final class EngineBridge implements AutoCloseable {
  /// Events kept for a screen that was not drawn for long; older ones are in the audit.
  public static final int EVENTS = 2_000;

  private static final Logger log = LoggerFactory.getLogger(EngineBridge.class);
  private static final int PAGE = 500;

  /// How often entries are looked for that lie below the newest one, in nanoseconds.
  private static final long LOOK_BACK = 1_000_000_000L;

  /// What a screen gets.
  ///
  /// @param events those not delivered before, by sequence; one may lie below others that were
  /// @param now when it is delivered, to tell the age of what it shows
  public record Update(EngineSnapshot snapshot, List<EngineEvent> events, Instant now) {}

  private final Engine engine;
  private final Executor screenThread;
  private final Consumer<Update> screen;
  private final Duration gap;
  private final InstantSource clock;

  private final AtomicBoolean queued = new AtomicBoolean();
  private final Semaphore news = new Semaphore(0);

  /// What waits to be delivered; guarded by itself.
  private final TreeMap<Long, EngineEvent> waiting = new TreeMap<>();

  /// The newest entries read so far; the pacing thread's own.
  private final TreeMap<Long, EngineEvent> known = new TreeMap<>();

  private volatile @Nullable EngineSnapshot newest;
  private volatile boolean closed;
  private long lookedBack;
  private Engine.@Nullable Subscription subscription;
  private @Nullable Thread pacer;

  /// @param screenThread runs what it is given on the JavaFX thread, later
  /// @param gap shortest time between two deliveries
  public EngineBridge(
      Engine engine,
      Executor screenThread,
      Duration gap,
      InstantSource clock,
      Consumer<Update> screen) {
    this.engine = engine;
    this.screenThread = screenThread;
    this.gap = gap;
    this.clock = clock;
    this.screen = screen;
  }

  /// Begins to deliver. Call once.
  public void start() {
    pacer = Thread.ofVirtual().name("window-bridge").start(this::pace);
    subscription =
        engine.observe(snapshot -> {
          newest = snapshot;
          if (news.availablePermits() == 0) {
            news.release();
          }
        });
  }

  private void pace() {
    try {
      while (!closed) {
        if (news.tryAcquire(1, TimeUnit.SECONDS)) {
          news.drainPermits();
        }
        EngineSnapshot snapshot = newest;
        if (snapshot == null) {
          continue;
        }
        readEvents(snapshot.lastEvent());
        if (queued.compareAndSet(false, true)) {
          screenThread.execute(this::deliver);
        }
        Thread.sleep(gap);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What cannot be read now is read with the next state; the screen goes on meanwhile.
  private void readEvents(long last) {
    long now = System.nanoTime();
    long newestKnown = known.isEmpty() ? 0 : known.lastKey();
    if (last == newestKnown && now - lookedBack < LOOK_BACK) {
      return;
    }
    lookedBack = now;
    long after = known.size() < EVENTS ? 0 : known.firstKey() - 1;
    try {
      List<EngineEvent> page;
      do {
        page = engine.events(after, PAGE);
        if (!page.isEmpty()) {
          keep(page);
          after = page.getLast().sequence();
        }
      } while (page.size() == PAGE && !closed);
    } catch (RuntimeException e) {
      log.warn("cannot read the events after {}; trying again with the next state", after, e);
    }
  }

  private void keep(List<EngineEvent> page) {
    List<EngineEvent> fresh = new ArrayList<>();
    for (EngineEvent event : page) {
      if (known.putIfAbsent(event.sequence(), event) == null) {
        fresh.add(event);
      }
    }
    trim(known);
    synchronized (waiting) {
      fresh.forEach(event -> waiting.put(event.sequence(), event));
      trim(waiting);
    }
  }

  private static void trim(NavigableMap<Long, EngineEvent> events) {
    while (events.size() > EVENTS) {
      events.pollFirstEntry();
    }
  }

  private void deliver() {
    // Cleared first: what arrives from here on queues the next delivery, so nothing is missed.
    queued.set(false);
    EngineSnapshot snapshot = newest;
    if (closed || snapshot == null) {
      return;
    }
    List<EngineEvent> fresh;
    synchronized (waiting) {
      fresh = List.copyOf(waiting.values());
      waiting.clear();
    }
    screen.accept(new Update(snapshot, fresh, clock.instant()));
  }

  @Override
  public void close() {
    closed = true;
    if (subscription != null) {
      subscription.close();
    }
    if (pacer != null) {
      pacer.interrupt();
    }
  }
}
