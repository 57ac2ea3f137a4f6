package dev.signalbox.strategy.observe;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.StrategyEvent;
import dev.signalbox.strategy.StrategyObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what happened as JSON, one object a line, into one file a kind and day (UTC): changes are
/// kept 90 days, errors 30, performance 7.
///
/// Calls that end well and look-ups are counted and written once a minute. A caller never waits: it
/// puts the event into a queue of 10,000, and one daemon thread writes. What finds no place there,
/// or cannot be written because the disk or the day's file (256 MiB) is full, is counted and
/// written as `dropped` as soon as that is possible. Lines reach the operating system within a
/// second, so they survive the death of the process; they are not forced to the disk.
public final class StrategyAudit implements StrategyObserver, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StrategyAudit.class);
  private static final int QUEUE = 10_000;
  private static final int BATCH = 500;
  private static final long MAX_FILE_BYTES = 256L << 20;
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  private final AuditFolder folder;
  private final InstantSource clock;
  private final Duration summaryEvery;
  private final BlockingQueue<Entry> queue;
  private final LongAdder dropped = new LongAdder();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder calls = new LongAdder();
  private final LongAdder callNanos = new LongAdder();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread writer;

  // Of the writer alone.
  private @Nullable LocalDate tidied;
  private boolean failing;
  private long summaryDue;

  private record Entry(Instant at, ClusterKey key, StrategyEvent event) {}

  private record Target(AuditKind kind, LocalDate day) {}

  private StrategyAudit(
      AuditFolder folder, InstantSource clock, int capacity, Duration summaryEvery) {
    this.folder = folder;
    this.clock = clock;
    this.summaryEvery = summaryEvery;
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.summaryDue = System.nanoTime() + summaryEvery.toNanos();
    this.writer = Thread.ofPlatform().name("strategy-audit").daemon().unstarted(this::write);
  }

  /// Starts the writer.
  ///
  /// @param folder created when missing; may hold other files, which are left alone
  public static StrategyAudit start(Path folder) {
    return start(
        new AuditFolder(folder, MAX_FILE_BYTES),
        InstantSource.system(),
        QUEUE,
        Duration.ofMinutes(1));
  }

  static StrategyAudit start(
      AuditFolder folder, InstantSource clock, int capacity, Duration summaryEvery) {
    StrategyAudit audit = new StrategyAudit(folder, clock, capacity, summaryEvery);
    audit.writer.start();
    return audit;
  }

  @Override
  public void accept(ClusterKey key, StrategyEvent event) {
    switch (event) {
      case StrategyEvent.LookedUp e -> (e.hit() ? hits : misses).increment();
      case StrategyEvent.QueryOpened _ -> {}
      case StrategyEvent.CallEnded e when e.failure() == null -> {
        calls.increment();
        callNanos.add(e.took().toNanos());
      }
      default -> {
        if (closed.get() || !queue.offer(new Entry(clock.instant(), key, event))) {
          dropped.increment();
        }
      }
    }
  }

  private void write() {
    List<Entry> batch = new ArrayList<>();
    boolean last = false;
    while (!last) {
      // Read before the queue: what was put before closing is then in the last batch.
      last = closed.get();
      try {
        Entry first = queue.poll(last ? 0 : 200, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, BATCH - 1);
        }
      } catch (InterruptedException e) {
        // Nobody but this class has a reason to end the thread, and it does so by closing.
        LOG.debug("Interrupted; going on.");
      }
      last = last && queue.isEmpty();
      tidy();
      writeAll(batch, last);
      batch.clear();
    }
    if (dropped.sum() > 0) {
      LOG.warn("The strategy audit ended with {} lines dropped.", dropped.sum());
    }
  }

  private void tidy() {
    LocalDate today = day(clock.instant());
    if (!today.equals(tidied)) {
      tidied = today;
      try {
        folder.deleteOld(today);
      } catch (IOException | RuntimeException e) {
        LOG.warn("Old files of the strategy audit could not be deleted: {}", e.toString());
      }
    }
  }

  private void writeAll(List<Entry> batch, boolean last) {
    Map<Target, List<String>> lines = new LinkedHashMap<>();
    for (Entry entry : batch) {
      AuditText.of(entry.at(), entry.key(), entry.event())
          .ifPresent(line -> add(lines, line.kind(), entry.at(), line.text()));
    }
    Instant now = clock.instant();
    if (last || System.nanoTime() - summaryDue >= 0) {
      summaryDue = System.nanoTime() + summaryEvery.toNanos();
      summary(now, lines);
    }
    long lost = dropped.sumThenReset();
    if (lost > 0) {
      String line =
          new JsonLine().put("at", now.toString()).put("event", "dropped").put("count", lost).end();
      // Alone, so that it fits where a batch does not. A failed attempt counts its own line again.
      if (!append(new Target(AuditKind.ERRORS, day(now)), List.of(line))) {
        dropped.add(lost - 1);
      }
    }
    lines.forEach(this::append);
  }

  private void summary(Instant now, Map<Target, List<String>> lines) {
    long count = calls.sumThenReset();
    long nanos = callNanos.sumThenReset();
    long known = hits.sumThenReset();
    long unknown = misses.sumThenReset();
    if (count + known + unknown > 0) {
      JsonLine line =
          new JsonLine()
              .put("at", now.toString())
              .put("event", "calls")
              .put("count", count)
              .millis("mean_ms", Duration.ofNanos(count == 0 ? 0 : nanos / count))
              .put("cache_hits", known)
              .put("cache_misses", unknown);
      add(lines, AuditKind.PERFORMANCE, now, line.end());
    }
  }

  private static void add(
      Map<Target, List<String>> lines, AuditKind kind, Instant at, String line) {
    lines.computeIfAbsent(new Target(kind, day(at)), _ -> new ArrayList<>()).add(line);
  }

  private boolean append(Target target, List<String> lines) {
    try {
      folder.append(target.kind(), target.day(), String.join("", lines));
      if (failing) {
        LOG.info("The strategy audit is written again.");
        failing = false;
      }
      return true;
    } catch (IOException | RuntimeException e) {
      dropped.add(lines.size());
      if (!failing) {
        LOG.warn("The strategy audit cannot be written, its lines are dropped: {}", e.toString());
        failing = true;
      }
      return false;
    }
  }

  private static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  /// Writes what is queued and ends the thread; waits 5 s at most. What comes later is dropped.
  @Override
  public void close() {
    closed.set(true);
    boolean interrupted = false;
    try {
      if (!writer.join(CLOSE_PATIENCE)) {
        LOG.warn("The strategy audit is still writing {} lines.", queue.size());
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
