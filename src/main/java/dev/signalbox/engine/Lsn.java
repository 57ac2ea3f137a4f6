package dev.signalbox.engine;

/// A position in a PostgreSQL server's write-ahead log, as `pg_lsn` shows it (`16/B374D848`).
/// Positions of different servers cannot be compared.
///
/// @param value the unsigned 64-bit byte position
public record Lsn(long value) implements Comparable<Lsn> {
  /// Reads the text form of `pg_lsn`.
  ///
  /// @throws IllegalArgumentException when the text is not two hexadecimal numbers with a slash
  public static Lsn parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 1) {
      throw new IllegalArgumentException("'" + text + "' is not a log position");
    }
    long high = Long.parseLong(text.substring(0, slash), 16);
    long low = Long.parseLong(text.substring(slash + 1), 16);
    return new Lsn((high << 32) | low);
  }

  /// Bytes of log from `earlier` to this position; negative when this one is behind.
  public long minus(Lsn earlier) {
    return value - earlier.value;
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toHexString(value >>> 32).toUpperCase(java.util.Locale.ROOT)
        + "/"
        + Long.toHexString(value & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
  }
}
