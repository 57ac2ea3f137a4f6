package dev.signalbox.support;

/// Whether tests that can do more of the same do all of it: `-Dsignalbox.thorough=true`, as
/// `.ci/run` says. Without it they take a part that holds every kind of case, so that all tests
/// together stay short.
public final class Thorough {
  private Thorough() {}

  /// @param part otherwise
  public static <T> T all(T whole, T part) {
    return Boolean.getBoolean("signalbox.thorough") ? whole : part;
  }
}
