package dev.signalbox.strategy.observe;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/// Calls, 456s and detections of the last minute, in slots of five seconds. Thread-safe, without a
/// lock; an event at the very border of two slots may be counted in neither.
final class RecentRate {
  static final Duration SLOT = Duration.ofSeconds(5);
  private static final int SLOTS = 12;

  private final InstantSource clock;
  private final AtomicReferenceArray<Slot> slots = new AtomicReferenceArray<>(SLOTS);

  private record Slot(
      long tick, LongAdder calls, LongAdder wrong, LongAdder detections, LongAdder detectionNanos) {
    Slot(long tick) {
      this(tick, new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }
  }

  RecentRate(InstantSource clock) {
    this.clock = clock;
    for (int i = 0; i < SLOTS; i++) {
      slots.set(i, new Slot(-1));
    }
  }

  private long tick() {
    return Math.floorDiv(clock.millis(), SLOT.toMillis());
  }

  private Slot slot() {
    long tick = tick();
    int at = Math.floorMod(tick, SLOTS);
    Slot slot = slots.get(at);
    if (slot.tick == tick) {
      return slot;
    }
    slots.compareAndSet(at, slot, new Slot(tick));
    return slots.get(at);
  }

  void call() {
    slot().calls.increment();
  }

  void wrong() {
    slot().wrong.increment();
  }

  void detection(Duration took) {
    Slot slot = slot();
    slot.detections.increment();
    slot.detectionNanos.add(took.toNanos());
  }

  StrategyMetrics.Recent recent() {
    long now = tick();
    long calls = 0;
    long wrong = 0;
    long detections = 0;
    long nanos = 0;
    for (int i = 0; i < SLOTS; i++) {
      Slot slot = slots.get(i);
      // Slots of the future are left from before the clock went back.
      if (slot.tick > now - SLOTS && slot.tick <= now) {
        calls += slot.calls.sum();
        wrong += slot.wrong.sum();
        detections += slot.detections.sum();
        nanos += slot.detectionNanos.sum();
      }
    }
    return new StrategyMetrics.Recent(
        Math.max(calls, wrong),
        wrong,
        detections,
        detections == 0 ? Duration.ZERO : Duration.ofNanos(nanos / detections));
  }
}
