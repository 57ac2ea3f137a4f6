package dev.signalbox.engine.database.migration;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The version of a script: numbers with dots (or underscores, as in Flyway's file names) between.
/// `1.10` comes after `1.9`, and `1` equals `1.0`.
public record Version(List<BigInteger> parts) implements Comparable<Version> {
  public Version {
    parts = List.copyOf(parts);
    int end = parts.size();
    while (end > 1 && parts.get(end - 1).signum() == 0) {
      end--;
    }
    parts = parts.subList(0, end);
  }

  /// @throws IllegalArgumentException when the text is not numbers with dots between
  public static Version parse(String text) {
    if (!text.matches("\\d{1,18}([._]\\d{1,18})*")) {
      throw new IllegalArgumentException("'" + text + "' is not a version such as 3 or 2.1");
    }
    return new Version(Arrays.stream(text.split("[._]")).map(BigInteger::new).toList());
  }

  @Override
  public int compareTo(Version other) {
    for (int i = 0; i < Math.max(parts.size(), other.parts.size()); i++) {
      int order = part(i).compareTo(other.part(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private BigInteger part(int i) {
    return i < parts.size() ? parts.get(i) : BigInteger.ZERO;
  }

  @Override
  public String toString() {
    return parts.stream().map(BigInteger::toString).collect(Collectors.joining("."));
  }
}
