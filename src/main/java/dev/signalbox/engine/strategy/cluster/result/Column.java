package dev.signalbox.engine.strategy.cluster.result;

/// One column of a result.
///
/// @param scale digits behind the point of a DECIMAL128; [#FLOATING] when the type leaves it open,
///   and each batch has its own
public record Column(String name, VectorType type, int scale) {
  public static final int FLOATING = -1;

  public Column(String name, VectorType type) {
    this(name, type, 0);
  }
}
