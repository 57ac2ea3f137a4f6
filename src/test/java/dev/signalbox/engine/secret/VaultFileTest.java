package dev.signalbox.engine.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultFileTest {
  private static final String PASSPHRASE = "correct horse battery stäple";
  private static final String SECRET = "s3cret, with ünïcode \"and\" quotes";

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("signalbox.vault");
  }

  private static Passphrase typed(String passphrase) {
    return new Passphrase(passphrase::toCharArray);
  }

  private VaultFile vault(String passphrase) {
    return new VaultFile(file(), typed(passphrase));
  }

  @Test
  void keepsSecretsThatOnlyThePassphraseGivesBack() throws Exception {
    vault(PASSPHRASE).change(entries -> entries.put("blue", SECRET));
    vault(PASSPHRASE).change(entries -> entries.put("green", "other"));

    assertThat(vault(PASSPHRASE).entries())
        .containsExactly(Map.entry("blue", SECRET), Map.entry("green", "other"));
    assertThat(vault(PASSPHRASE).read("blue")).isEqualTo(SECRET);
    assertThat(Files.readString(file())).doesNotContain("s3cret", "blue", "other");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> vault("correct horse battery staple").entries())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "The passphrase does not open the vault "
                + file()
                + ". If it is the right one, somebody changed the file: restore it from a copy.");
    assertThatThrownBy(() -> vault(PASSPHRASE).read("red"))
        .hasMessage(
            "The vault " + file() + " has no entry 'red'. Add it with: signalbox vault set red");
  }

  @Test
  void anotherPassphraseTakesTheOldOnesPlace() throws Exception {
    vault(PASSPHRASE).change(entries -> entries.put("blue", SECRET));
    String before = Files.readString(file());

    vault(PASSPHRASE).rekey(typed("the next passphrase"));

    assertThat(vault("the next passphrase").read("blue")).isEqualTo(SECRET);
    assertThatThrownBy(() -> vault(PASSPHRASE).entries()).hasMessageContaining("does not open");
    assertThat(VaultText.parse(Files.readString(file())).orElseThrow().salt())
        .isNotEqualTo(VaultText.parse(before).orElseThrow().salt());
  }

  /// Two texts that were sealed with one nonce would give the key of the tags away.
  @Test
  void aNonceIsUsedOnce() throws Exception {
    VaultKey key = VaultKey.create(PASSPHRASE.toCharArray());
    List<String> nonces = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      nonces.add(VaultText.seal(key, Map.of("a", "b")).nonce());
    }

    assertThat(nonces).doesNotHaveDuplicates();
  }

  @Test
  void everyChangedByteIsNoticedEvenWithAChecksumThatFits() throws Exception {
    VaultKey key = VaultKey.create(PASSPHRASE.toCharArray());
    byte[] good =
        VaultText.seal(key, Map.of("blue", SECRET, "green", "x"))
            .text()
            .getBytes(StandardCharsets.US_ASCII);
    assertThat(opened(good, key)).isPresent();
    int covered = new String(good, StandardCharsets.US_ASCII).indexOf("sha256=");

    for (int i = 0; i < good.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] bad = good.clone();
        bad[i] ^= (byte) (1 << bit);
        assertThat(VaultText.parse(new String(bad, StandardCharsets.ISO_8859_1)))
            .as("byte %d, bit %d", i, bit)
            .isEmpty();
        if (i < covered) {
          assertThat(opened(forged(bad, covered), key))
              .as("byte %d, bit %d, checksum made to fit", i, bit)
              .isEmpty();
        }
      }
    }
    for (int length = 0; length < good.length; length++) {
      assertThat(VaultText.parse(new String(good, 0, length, StandardCharsets.US_ASCII)))
          .as("cut to %d", length)
          .isEmpty();
    }
    assertThat(VaultText.parse(new String(good, StandardCharsets.US_ASCII) + "\n")).isEmpty();
  }

  private static Optional<Map<String, String>> opened(byte[] text, VaultKey key) {
    return VaultText.parse(new String(text, StandardCharsets.ISO_8859_1))
        .flatMap(read -> read.open(key));
  }

  private static byte[] forged(byte[] text, int covered) throws Exception {
    byte[] forged = text.clone();
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(text, 0, covered);
    byte[] hex = HexFormat.of().formatHex(digest.digest()).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(hex, 0, forged, covered + "sha256=".length(), hex.length);
    return forged;
  }

  @Test
  void damageIsSaidInASentenceWithoutTheSecret() throws Exception {
    vault(PASSPHRASE).change(entries -> entries.put("blue", SECRET));
    String good = Files.readString(file());
    String damaged =
        "The vault " + file() + " was damaged or changed by hand. Restore it from a copy.";

    for (String bad :
        List.of(
            "",
            "signalbox vault 2" + good.substring(17),
            good.replace("iterations=600000", "iterations=1"),
            good.replace("iterations=600000", "iterations=99999999"),
            good.replace("\n", "\r\n"),
            good + good)) {
      Files.writeString(file(), bad);
      assertThatThrownBy(() -> vault(PASSPHRASE).entries()).hasMessage(damaged);
      assertThatThrownBy(() -> vault(PASSPHRASE).change(entries -> entries.put("x", "y")))
          .hasMessage(damaged);
      assertThat(Files.readString(file())).isEqualTo(bad);
    }
    Files.write(file(), new byte[] {(byte) 0xff, 0, (byte) 0xc3});
    assertThatThrownBy(() -> vault(PASSPHRASE).entries()).hasMessage(damaged);
    Files.delete(file());
    assertThatThrownBy(() -> vault(PASSPHRASE).entries())
        .hasMessage("There is no vault " + file() + ". Make it with: signalbox vault set NAME");
  }

  @Test
  void whatOthersMayReadIsRefused() throws Exception {
    vault(PASSPHRASE).change(entries -> entries.put("blue", SECRET));
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));

    assertThatThrownBy(() -> vault(PASSPHRASE).entries())
        .hasMessage(
            "Others than its owner may use the file " + file() + ". Run: chmod 600 " + file());
  }

  /// Each has a passphrase of its own, as each process has.
  @Test
  void writersAtOnceLoseNoEntry() throws Exception {
    vault(PASSPHRASE).change(entries -> entries.put("first", "1"));
    List<String> names = List.of("a", "b", "c", "d", "e", "f");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (String name : names) {
        all.add(threads.submit(() -> vault(PASSPHRASE).change(entries -> entries.put(name, name))));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }

    assertThat(vault(PASSPHRASE).entries().keySet())
        .containsExactly("a", "b", "c", "d", "e", "f", "first");
  }

  /// As somebody would write it who has only the reference page.
  @Test
  void theDescribedFormIsEnoughToReadIt() throws Exception {
    vault(PASSPHRASE).change(entries -> entries.put("blue", "plain"));
    List<String> lines = Files.readAllLines(file());
    assertThat(lines).hasSize(7);
    assertThat(lines.get(0)).isEqualTo("signalbox vault 1");
    assertThat(lines.get(1)).isEqualTo("kdf=PBKDF2-HMAC-SHA256");
    int iterations = Integer.parseInt(lines.get(2).substring("iterations=".length()));
    byte[] salt = Base64.getDecoder().decode(lines.get(3).substring("salt=".length()));
    byte[] nonce = Base64.getDecoder().decode(lines.get(4).substring("nonce=".length()));
    byte[] sealed = Base64.getDecoder().decode(lines.get(5).substring("sealed=".length()));
    assertThat(iterations).isEqualTo(600_000);
    byte[] key =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
            .generateSecret(new PBEKeySpec(PASSPHRASE.toCharArray(), salt, iterations, 256))
            .getEncoded();
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
    cipher.updateAAD(
        (String.join("\n", lines.subList(0, 5)) + "\n").getBytes(StandardCharsets.US_ASCII));

    assertThat(new String(cipher.doFinal(sealed), StandardCharsets.UTF_8))
        .isEqualTo("{\"blue\":\"plain\"}");
  }

  @Test
  void aSlipOfWhoTypesItMakesNoVault() {
    Passphrase slipped =
        new Passphrase(
            new Passphrase.Source() {
              @Override
              public char[] read() {
                return PASSPHRASE.toCharArray();
              }

              @Override
              public boolean meant(char[] passphrase) {
                return false;
              }
            });

    assertThatThrownBy(
            () -> new VaultFile(file(), slipped).change(entries -> entries.put("a", "b")))
        .hasMessage("The two passphrases that were typed differ. Nothing was changed.");
    assertThat(file()).doesNotExist();
  }

  @Test
  void anEmptyPassphraseIsRefused() {
    assertThatThrownBy(() -> vault("").change(entries -> entries.put("a", "b")))
        .hasMessage("The passphrase of the vault is empty.");
    assertThat(file()).doesNotExist();
  }
}
