package dev.signalbox.cluster.session;

import java.security.SecureRandom;

/// Identifiers of queries, for example `q-7k3mz9p2w4xt`: short enough for a person to read out, and
/// with 60 random bits, so that none comes twice and none can be guessed. Thread-safe.
final class QueryIds {
  /// Without letters that look like digits or like each other.
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  private static final int LENGTH = 12;
  private static final SecureRandom RANDOM = new SecureRandom();

  private QueryIds() {}

  static String next() {
    long bits = RANDOM.nextLong();
    StringBuilder id = new StringBuilder("q-");
    for (int n = 0; n < LENGTH; n++) {
      id.append(ALPHABET.charAt((int) (bits & 31)));
      bits >>>= 5;
    }
    return id.toString();
  }
}
