package dev.signalbox.strategy.storage;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.StoredStrategy;
import dev.signalbox.strategy.StrategyEvent;
import dev.signalbox.strategy.StrategyObserver;
import dev.signalbox.strategy.StrategyStorage;
import dev.signalbox.strategy.storage.StrategyText.Content;
import dev.signalbox.strategy.storage.StrategyText.Damaged;
import dev.signalbox.strategy.storage.StrategyText.Good;
import dev.signalbox.strategy.storage.StrategyText.Newer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Remembers in a file that all processes of a machine share (level 3), for at most 100 clusters.
/// Thread-safe, and safe between processes, whenever one of them dies.
///
/// Reading looks at the file's time stamp every 50 ms at most and takes no lock. An update waits
/// for the other processes, usually milliseconds and 500 ms at most; so it does not belong on a
/// thread that many connections wait for.
///
/// When the file cannot be used (the lock is held by a process that hangs, the folder is read-only,
/// the disk is full, the file belongs to a later version), the storage goes on in memory, says so
/// once, and tries again every 5 s. What was changed meanwhile is then written, unless another
/// process confirmed a strategy later. A damaged file is set aside as `<name>.damaged` and written
/// anew from what this process knows.
///
/// The folder should be writable for the application's user alone: who may write there may name a
/// strategy. A wrong one is found by its first 456.
public final class FileStrategyStorage implements StrategyStorage {
  private static final Logger LOG = LoggerFactory.getLogger(FileStrategyStorage.class);
  private static final Duration LOCK_WAIT = Duration.ofMillis(500);
  private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

  /// What was read is looked at again after this: the bound on how stale it may be.
  private static final long LOOK_NANOS = 50_000_000;

  private static final long SLOW_LOOK_NANOS = Duration.ofSeconds(1).toNanos();

  /// Locks on files belong to the process, so its threads need their own, and two storages on the
  /// same file the same one. Two files may share one: no harm.
  private static final ReentrantLock[] LOCKS = new ReentrantLock[64];

  static {
    Arrays.setAll(LOCKS, _ -> new ReentrantLock());
  }

  private final Freshness freshness;
  private final StrategyObserver observer;
  private final Duration lockWait;
  private final long retryNanos;
  private final ReentrantLock lock;
  private final AtomicLong epoch = new AtomicLong();
  private final AtomicLong nextLook = new AtomicLong(System.nanoTime());
  private volatile Remembered remembered = Remembered.NOTHING;

  // Guarded by the lock.
  private final StrategyFile file;

  /// What was changed here and is not in the file, with the version that the file had then.
  private final Map<ClusterKey, Long> own = new HashMap<>();

  private Map<ClusterKey, List<String>> reported = Map.of();
  private @Nullable Damaged damage;
  private @Nullable String problem;
  private long retryAt;

  /// @param file created with its folder when missing, for this user alone
  /// @param ttl see [dev.signalbox.strategy.StrategyConfig#cacheTtl]
  /// @param observer is told of each correction of what stood in the file
  public FileStrategyStorage(Path file, Duration ttl, StrategyObserver observer) {
    this(
        new StrategyFile(file, new RealDisk()),
        new Freshness(ttl, InstantSource.system()),
        observer,
        LOCK_WAIT,
        RETRY_NANOS);
  }

  FileStrategyStorage(
      StrategyFile file,
      Freshness freshness,
      StrategyObserver observer,
      Duration lockWait,
      long retryNanos) {
    this.file = file;
    this.freshness = freshness;
    this.observer = observer;
    this.lockWait = lockWait;
    this.retryNanos = retryNanos;
    this.lock = LOCKS[Math.floorMod(file.path().hashCode(), LOCKS.length)];
  }

  @Override
  public StoredStrategy read(ClusterKey key) {
    long due = nextLook.get();
    long now = System.nanoTime();
    if (now - due >= 0 && nextLook.compareAndSet(due, now + LOOK_NANOS) && lock.tryLock()) {
      try {
        look(now);
      } finally {
        lock.unlock();
      }
    }
    return remembered.shown(key, freshness);
  }

  @Override
  public StoredStrategy update(ClusterKey key, UnaryOperator<StoredStrategy> change) {
    lock.lock();
    try {
      Remembered after = problem == null || retryDue() ? share(key, change) : null;
      if (after == null) {
        after = remembered.updated(key, change, freshness, 0);
        if (!after.equals(remembered)) {
          own.putIfAbsent(key, remembered.get(key).version());
          own.keySet().retainAll(after.clusters().keySet());
        }
      }
      publish(after);
      return after.get(key);
    } finally {
      lock.unlock();
    }
  }

  /// @return null when the file cannot be used
  private @Nullable Remembered share(ClusterKey key, UnaryOperator<StoredStrategy> change) {
    try {
      long floor = remembered.get(key).version();
      Remembered after =
          file.update(
              content -> withOwn(content).updated(key, change, freshness, floor),
              remembered,
              lockWait,
              freshness.now());
      own.clear();
      solved();
      return after;
    } catch (IOException e) {
      failed(e);
      return null;
    }
  }

  private void look(long now) {
    if (!own.isEmpty() && retryDue() && shareOwn()) {
      return;
    }
    try {
      Content content = file.readIfChanged(freshness.now());
      if (content != null) {
        look(content, now);
      } else if (own.isEmpty()) {
        solved();
      }
    } catch (IOException e) {
      failed(e);
      nextLook.set(now + SLOW_LOOK_NANOS);
    }
  }

  private boolean shareOwn() {
    try {
      // Not worth a wait: this is a reader.
      publish(file.update(this::withOwn, remembered, Duration.ZERO, freshness.now()));
      own.clear();
      solved();
      return true;
    } catch (IOException e) {
      // What the others change is read all the same.
      failed(e);
      return false;
    }
  }

  private void look(Content content, long now) throws IOException {
    switch (content) {
      case Good good -> {
        own.entrySet().removeIf(entry -> overtaken(entry, good.remembered()));
        publish(withOwn(good.remembered()));
        report(good.corrections());
        damage = null;
        if (own.isEmpty()) {
          solved();
        }
      }
      // The next update writes it anew from what is known here.
      case Damaged damaged -> {
        if (!damaged.equals(damage)) {
          LOG.warn(
              "{} is damaged: {}. What this process knows counts until the next change writes it"
                  + " anew.",
              file.path(),
              damaged.reason());
          damage = damaged;
        }
        nextLook.set(now + SLOW_LOOK_NANOS);
      }
      case Newer newer ->
          throw new IOException(
              file.path() + " has format " + newer.format() + " of a later version");
    }
  }

  /// What the file holds, with what was changed here while it could not be used.
  private Remembered withOwn(Remembered content) {
    Remembered merged = content;
    for (Map.Entry<ClusterKey, Long> entry : own.entrySet()) {
      if (!overtaken(entry, content)) {
        StoredStrategy here = remembered.get(entry.getKey());
        long version = Math.max(here.version(), content.get(entry.getKey()).version() + 1);
        merged =
            merged.with(
                entry.getKey(),
                new StoredStrategy(here.active(), here.pending(), here.detectedAt(), version));
      }
    }
    return merged;
  }

  /// Whether another process changed the cluster too, and confirmed its strategy no earlier.
  private boolean overtaken(Map.Entry<ClusterKey, Long> mine, Remembered content) {
    StoredStrategy there = content.get(mine.getKey());
    return there.version() != mine.getValue()
        && there.detectedAt() >= remembered.get(mine.getKey()).detectedAt();
  }

  private void publish(Remembered next) {
    boolean changed = !next.sameAs(remembered);
    remembered = new Remembered(next.clusters(), Math.max(next.highest(), remembered.highest()));
    if (changed) {
      epoch.incrementAndGet();
    }
  }

  private void report(Map<ClusterKey, List<String>> corrections) {
    if (!corrections.equals(reported)) {
      reported = corrections;
      corrections.forEach((key, sentences) ->
          sentences.forEach(sentence -> {
            LOG.warn("{}, {}: {}", file.path(), key, sentence);
            observer.accept(key, new StrategyEvent.Corrected(sentence));
          }));
    }
  }

  private boolean retryDue() {
    return System.nanoTime() - retryAt >= 0;
  }

  private void failed(IOException e) {
    retryAt = System.nanoTime() + retryNanos;
    if (problem == null) {
      LOG.warn(
          "Strategies are remembered in memory only until {} can be used again: {}",
          file.path(),
          e.toString());
    }
    problem = e.toString();
  }

  private void solved() {
    if (problem != null) {
      LOG.info("Strategies are shared through {} again.", file.path());
      problem = null;
    }
  }

  /// Changes with every change that a reader of this process would see. A volatile read.
  long epoch() {
    return epoch.get();
  }

  /// The reading of [System#nanoTime] until which what was read counts while the epoch stays.
  long freshUntil() {
    return nextLook.get();
  }

  /// Nothing is held open between calls.
  @Override
  public void close() {}
}
