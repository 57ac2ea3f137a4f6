package dev.signalbox.engine.environment;

import java.util.Locale;

/// How a connection to PostgreSQL is secured; libpq and pgjdbc share the names.
public enum TlsMode {
  /// Never encrypted.
  DISABLE,
  /// Encrypted only when the server wants it.
  ALLOW,
  /// Encrypted when the server can; what the drivers do when nobody says anything.
  PREFER,
  /// Encrypted, with whoever answers.
  REQUIRE,
  /// Encrypted, with a certificate that the root certificate vouches for.
  VERIFY_CA,
  /// And of the host that was asked for.
  VERIFY_FULL;

  /// As it is written, `verify-full`.
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Whether it looks at the server's certificate.
  public boolean verifies() {
    return this == VERIFY_CA || this == VERIFY_FULL;
  }

  /// @throws IllegalArgumentException when it is none
  public static TlsMode parse(String id) {
    for (TlsMode mode : values()) {
      if (mode.id().equals(id)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("not a mode of TLS");
  }
}
