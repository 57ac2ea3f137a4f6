package dev.signalbox.strategy;

import java.util.Locale;

/// How the pinning of a query ended.
public enum QueryEnding {
  CLEARED,
  CANCELLED,
  /// It never ran, or its stack no longer knows it.
  FAILED,
  /// Its connection was closed and its stack could not be told.
  ABANDONED,
  /// Nobody ended it for longer than a query may be open.
  EXPIRED;

  /// As events and reports name it: lower case.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
