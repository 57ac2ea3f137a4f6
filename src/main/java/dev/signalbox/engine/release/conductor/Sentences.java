package dev.signalbox.engine.release.conductor;

import java.util.Locale;

/// Turns what went wrong into a sentence for the operator.
final class Sentences {
  private Sentences() {}

  static String of(Throwable failure) {
    if (failure instanceof InterruptedException) {
      return "it was cancelled";
    }
    Throwable deepest = failure;
    String text = deepest.getMessage();
    while ((text == null || text.isBlank()) && deepest.getCause() != null) {
      deepest = deepest.getCause();
      text = deepest.getMessage();
    }
    return text == null || text.isBlank() ? deepest.getClass().getSimpleName() : text.strip();
  }

  static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos / 1e6);
  }
}
