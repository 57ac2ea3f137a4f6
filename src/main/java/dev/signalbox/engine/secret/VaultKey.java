package dev.signalbox.engine.secret;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// What a passphrase becomes before it opens a vault: PBKDF2 with HMAC-SHA-256 (RFC 8018) of its
/// UTF-8 bytes. [#toString] shows nothing of it. Immutable.
final class VaultKey {
  /// What OWASP recommends for this function.
  static final int ITERATIONS = 600_000;

  /// A file must not make us use a weak key, nor compute for hours.
  private static final int FEWEST = 100_000;

  private static final int MOST = 10_000_000;
  private static final int SALT = 16;

  private final int iterations;
  private final byte[] salt;
  private final SecretKey secret;

  private VaultKey(int iterations, byte[] salt, SecretKey secret) {
    this.iterations = iterations;
    this.salt = salt;
    this.secret = secret;
  }

  /// With a random salt. Takes about 0.2 s of a core.
  static VaultKey create(char[] passphrase) {
    byte[] salt = new byte[SALT];
    new SecureRandom().nextBytes(salt);
    return derive(passphrase, ITERATIONS, salt);
  }

  /// The one that a vault was sealed with, if the passphrase is the right one. Takes about 0.2 s of
  /// a core for [#ITERATIONS].
  static VaultKey derive(char[] passphrase, int iterations, byte[] salt) {
    PBEKeySpec spec = new PBEKeySpec(passphrase, salt, iterations, 256);
    try {
      byte[] key =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
      return new VaultKey(iterations, salt.clone(), new SecretKeySpec(key, "AES"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has PBKDF2 with HMAC-SHA-256", e);
    } finally {
      spec.clearPassword();
    }
  }

  /// Whether a vault may say this.
  static boolean allowed(int iterations, byte[] salt) {
    return iterations >= FEWEST && iterations <= MOST && salt.length == SALT;
  }

  int iterations() {
    return iterations;
  }

  byte[] salt() {
    return salt.clone();
  }

  SecretKey secret() {
    return secret;
  }

  @Override
  public String toString() {
    return "key with salt " + HexFormat.of().formatHex(salt);
  }
}
