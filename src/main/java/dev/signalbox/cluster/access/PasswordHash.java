package dev.signalbox.cluster.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// A password as the users file keeps it: `pbkdf2-sha256$<iterations>$<salt>$<key>`, salt and key
/// in Base64 (PBKDF2 with HMAC-SHA-256, RFC 8018). [#toString] shows nothing of it.
public final class PasswordHash {
  /// What OWASP recommends for this function.
  public static final int ITERATIONS = 600_000;

  static final int LEAST_ITERATIONS = 10_000;
  static final int MOST_ITERATIONS = 10_000_000;
  private static final String SCHEME = "pbkdf2-sha256";
  private static final int BYTES = 32;
  private static final int SALT = 16;

  private final int iterations;
  private final byte[] salt;
  private final byte[] key;

  private PasswordHash(int iterations, byte[] salt, byte[] key) {
    this.iterations = iterations;
    this.salt = salt;
    this.key = key;
  }

  /// A new hash with a random salt. Takes about 0.2 s of a core with [#ITERATIONS].
  public static PasswordHash of(char[] password, int iterations) {
    byte[] salt = new byte[SALT];
    new SecureRandom().nextBytes(salt);
    return new PasswordHash(iterations, salt, derive(password, salt, iterations));
  }

  /// Reads what [#text] writes.
  ///
  /// @throws IllegalArgumentException with a sentence that does not show the text
  static PasswordHash parse(String text) {
    String[] parts = text.split("\\$", -1);
    try {
      if (parts.length == 4 && parts[0].equals(SCHEME)) {
        int iterations = Integer.parseInt(parts[1]);
        byte[] salt = Base64.getDecoder().decode(parts[2]);
        byte[] key = Base64.getDecoder().decode(parts[3]);
        if (iterations >= LEAST_ITERATIONS
            && iterations <= MOST_ITERATIONS
            && salt.length >= 8
            && key.length == BYTES) {
          return new PasswordHash(iterations, salt, key);
        }
      }
    } catch (IllegalArgumentException e) {
      // The sentence below says it; the cause would show a part of the hash.
    }
    throw new IllegalArgumentException(
        "The hash is not one that 'signalbox cluster hash-password' prints.");
  }

  int iterations() {
    return iterations;
  }

  /// Takes the same time whether it matches or not.
  boolean matches(char[] password) {
    return MessageDigest.isEqual(key, derive(password, salt, iterations));
  }

  /// For the users file.
  public String text() {
    Base64.Encoder base64 = Base64.getEncoder();
    return SCHEME
        + "$"
        + iterations
        + "$"
        + base64.encodeToString(salt)
        + "$"
        + base64.encodeToString(key);
  }

  private static byte[] derive(char[] password, byte[] salt, int iterations) {
    PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, BYTES * 8);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java has no PBKDF2 with HMAC-SHA-256.", e);
    } finally {
      spec.clearPassword();
    }
  }

  @Override
  public String toString() {
    return SCHEME + "$…";
  }
}
