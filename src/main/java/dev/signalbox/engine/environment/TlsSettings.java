package dev.signalbox.engine.environment;

import java.nio.file.Path;
import java.util.Optional;

/// How the console's connections to a server are secured.
///
/// @param rootCert whoever it vouches for may be the server; [#SYSTEM] for the authorities that
///   Java knows. Empty: `~/.postgresql/root.crt`, which only modes that verify look at
/// @param cert of the console, if the server asks for one
/// @param key of `cert`; a PKCS-12 file holds both
/// @param keyPassword which opens `key`
public record TlsSettings(
    TlsMode mode,
    Optional<Path> rootCert,
    Optional<Path> cert,
    Optional<Path> key,
    Optional<SecretSource> keyPassword) {
  /// Stands for the authorities that the system knows, as libpq has it. A file of that name has a
  /// folder in front.
  public static final Path SYSTEM = Path.of("system");

  /// What the drivers do when nobody says anything.
  public static final TlsSettings DEFAULT = of(TlsMode.PREFER);

  /// Without any certificate.
  public static TlsSettings of(TlsMode mode) {
    return new TlsSettings(
        mode, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// Whether a key file holds its certificate as well.
  static boolean holdsBoth(Path key) {
    String name = key.toString().toLowerCase(java.util.Locale.ROOT);
    return name.endsWith(".p12") || name.endsWith(".pfx");
  }
}
