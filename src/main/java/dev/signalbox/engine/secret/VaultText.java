package dev.signalbox.engine.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The text of a vault, as it stands in its file:
///
/// ```
/// signalbox vault 1
/// kdf=PBKDF2-HMAC-SHA256
/// iterations=600000
/// salt=<16 bytes, Base64>
/// nonce=<12 bytes, Base64>
/// sealed=<AES-256-GCM of the entries, with its tag of 16 bytes at the end, Base64>
/// sha256=<of all bytes above this line, hexadecimal>
/// ```
///
/// What is sealed is one JSON object in UTF-8, name by name, so nothing of it can be taken out, put
/// in or renamed. The five lines above `sealed`, with their line breaks, are its additional data. A
/// text that says the same in another way is refused: every changed byte is noticed, by the
/// checksum when it was an accident, by the tag when somebody made the checksum fit.
///
/// @param iterations of PBKDF2
/// @param salt in Base64, as the two below
/// @param sha256 of what stands above it
record VaultText(int iterations, String salt, String nonce, String sealed, String sha256) {
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final TypeReference<TreeMap<String, String>> ENTRIES = new TypeReference<>() {};
  private static final Pattern FORM =
      Pattern.compile(
          """
          signalbox vault 1
          kdf=PBKDF2-HMAC-SHA256
          iterations=([0-9]{1,8})
          salt=([A-Za-z0-9+/=]+)
          nonce=([A-Za-z0-9+/=]+)
          sealed=([A-Za-z0-9+/=]+)
          sha256=([0-9a-f]{64})
          """);

  /// What a file says; empty when it is damaged, or not a vault of this version.
  static Optional<VaultText> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    VaultText read =
        new VaultText(
            Integer.parseInt(form.group(1)),
            form.group(2),
            form.group(3),
            form.group(4),
            form.group(5));
    boolean sound =
        canonical(read.salt)
            && canonical(read.nonce)
            && canonical(read.sealed)
            && VaultKey.allowed(read.iterations, bytes(read.salt))
            && bytes(read.nonce).length == NONCE
            && read.text().equals(text)
            && read.sha256.equals(digest(read.covered()));
    return sound ? Optional.of(read) : Optional.empty();
  }

  /// Sealed with a nonce that was never used before.
  static VaultText seal(VaultKey key, Map<String, String> entries) {
    byte[] nonce = new byte[NONCE];
    new SecureRandom().nextBytes(nonce);
    byte[] plain = JSON.writeValueAsBytes(new TreeMap<>(entries));
    try {
      VaultText head = new VaultText(key.iterations(), base64(key.salt()), base64(nonce), "", "");
      String sealed = base64(head.cipher(Cipher.ENCRYPT_MODE, key).doFinal(plain));
      VaultText whole = new VaultText(head.iterations, head.salt, head.nonce, sealed, "");
      return new VaultText(
          whole.iterations, whole.salt, whole.nonce, sealed, digest(whole.covered()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has AES in GCM", e);
    }
  }

  /// Its entries; empty when the key is another one, or somebody changed the text.
  Optional<Map<String, String>> open(VaultKey key) {
    try {
      return Optional.of(
          JSON.readValue(cipher(Cipher.DECRYPT_MODE, key).doFinal(bytes(sealed)), ENTRIES));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has AES in GCM", e);
    }
  }

  private Cipher cipher(int mode, VaultKey key) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, bytes(nonce)));
    cipher.updateAAD(head().getBytes(StandardCharsets.US_ASCII));
    return cipher;
  }

  /// Whether a key is of its passphrase's salt.
  boolean isFor(VaultKey key) {
    return key.iterations() == iterations && base64(key.salt()).equals(salt);
  }

  private String head() {
    return "signalbox vault 1\nkdf=PBKDF2-HMAC-SHA256\niterations="
        + iterations
        + "\nsalt="
        + salt
        + "\nnonce="
        + nonce
        + "\n";
  }

  private String covered() {
    return head() + "sealed=" + sealed + "\n";
  }

  /// As it stands in its file.
  String text() {
    return covered() + "sha256=" + sha256 + "\n";
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// Whether it is Base64, and as it would be written.
  private static boolean canonical(String text) {
    try {
      return base64(bytes(text)).equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] bytes(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
