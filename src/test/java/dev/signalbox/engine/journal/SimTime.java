package dev.signalbox.engine.journal;

import java.time.Duration;
import java.time.Instant;

/// The time of a simulated console.
public interface SimTime {
  Instant now();

  long nanoTime();

  /// Lets others run.
  void pause();

  /// Lets time pass. An interrupt ends it and is kept.
  void sleep(Duration duration);

  /// Whether whoever calls was interrupted; keeps the interrupt.
  boolean interrupted();
}
