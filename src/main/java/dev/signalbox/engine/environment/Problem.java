package dev.signalbox.engine.environment;

import java.nio.file.Path;
import java.util.Comparator;

/// What is wrong in a configuration file, and where.
///
/// @param line from 1
/// @param column from 1, in characters
/// @param text a sentence: what is wrong and what to do; never a secret
public record Problem(Path file, int line, int column, String text) {
  static final Comparator<Problem> BY_PLACE =
      Comparator.comparingInt(Problem::line)
          .thenComparingInt(Problem::column)
          .thenComparing(Problem::text);

  /// As compilers write it, so that editors can jump there: `file:line:column: text`.
  @Override
  public String toString() {
    return file + ":" + line + ":" + column + ": " + text;
  }
}
