package dev.signalbox.cluster.result;

/// One column of a result.
///
/// @param scale digits behind the point of a DECIMAL128; [#FLOATING] when the type leaves it open,
///   and each batch has its own
public record ResultColumn(String name, ResultType type, int scale) {
  public static final int FLOATING = -1;

  public ResultColumn(String name, ResultType type) {
    this(name, type, 0);
  }
}
