package dev.signalbox.strategy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that a test moves.
public final class TestClock implements InstantSource {
  private final AtomicLong millis;

  public TestClock() {
    this(1_000_000_000_000L);
  }

  /// @param start milliseconds since 1970
  public TestClock(long start) {
    millis = new AtomicLong(start);
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis.get());
  }

  /// A manager whose queries age by this clock.
  ///
  /// @param wall what it takes for the time of day
  public StrategyManager manager(
      StrategyConfig config, StrategyStorage storage, InstantSource wall) {
    return new StrategyManager(config, storage, wall, () -> millis.get() * 1_000_000);
  }

  public void advance(Duration by) {
    millis.addAndGet(by.toMillis());
  }
}
