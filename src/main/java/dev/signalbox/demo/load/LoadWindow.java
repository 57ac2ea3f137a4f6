package dev.signalbox.demo.load;

import java.time.Duration;

/// What ended since the client was asked the last time.
///
/// @param took since then
/// @param open requests that have no answer yet
record LoadWindow(Duration took, Counts ended, int open) {
  double seconds() {
    return took.toNanos() / 1e9;
  }

  long answered() {
    return ended.requests() - ended.failed();
  }
}
