package dev.signalbox.engine.release.conductor;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// The epoch that this console drives under, and whether something that hangs may still act under
/// it. Thread-safe.
final class DrivingEpoch {
  private final AtomicLong now = new AtomicLong();
  private final AtomicLong taking = new AtomicLong();
  private final AtomicBoolean stillRunning = new AtomicBoolean();

  /// 0 while another console drives.
  long now() {
    return now.get();
  }

  void set(long newest) {
    now.set(newest);
  }

  /// Goes on under a newer one.
  ///
  /// @return false when it is no longer the one that it was
  boolean advance(long from, long to) {
    return now.compareAndSet(from, to);
  }

  /// The one that was taken and that we do not drive under yet: the journal is being read. 0 when
  /// there is none.
  long taking() {
    return taking.get();
  }

  void beginTaking(long newest) {
    taking.set(newest);
  }

  void endTaking(long newest) {
    taking.compareAndSet(newest, 0);
  }

  /// Whether a call that was given up may still act under this epoch.
  boolean stillRunning() {
    return stillRunning.get();
  }

  void stillRunning(boolean whether) {
    stillRunning.set(whether);
  }
}
