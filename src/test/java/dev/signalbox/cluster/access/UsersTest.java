package dev.signalbox.cluster.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsersTest {
  @TempDir Path folder;

  /// Computed with Python: hashlib.pbkdf2_hmac('sha256', b'password', b'saltsalt', 10000).
  private static final String PYTHON =
      "pbkdf2-sha256$10000$c2FsdHNhbHQ=$8AsC4H/147lFlEEMCnL1JMziEIWaSGvXLB7jM4MIJaM=";

  private Users users(String text) throws IOException {
    return Users.read(Files.writeString(folder.resolve("users"), text));
  }

  @Test
  void aHashOfAnotherImplementationIsUnderstood() throws Exception {
    Users users = users("ann:" + PYTHON + "\n");
    assertThat(users.knows("ann", "password")).isTrue();
    assertThat(users.knows("ann", "password")).isTrue();
    assertThat(users.knows("ann", "Password")).isFalse();
    assertThat(users.knows("bob", "password")).isFalse();
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    String hash = PasswordHash.of("pässword".toCharArray(), 10_000).text();
    assertThat(hash).isNotEqualTo(PasswordHash.of("pässword".toCharArray(), 10_000).text());
    assertThat(users("# users\n\n a:b@c :" + hash + "\n").knows("a:b@c ", "pässword")).isTrue();
  }

  @Test
  void whatIsTooLongIsRefusedBeforeItCosts() throws Exception {
    String most = "x".repeat(1000);
    Users users = users("ann:" + PasswordHash.of(most.toCharArray(), 10_000).text() + "\n");
    assertThat(users.knows("ann", most)).isTrue();
    assertThat(users.knows("ann", most + "x")).isFalse();
    // Somebody whose turn never comes would wait: the thread must not be asked to.
    Thread.currentThread().interrupt();
    try {
      assertThat(users.knows("ann", most + "x")).isFalse();
      assertThat(users.knows("n".repeat(1001), "password")).isFalse();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann",
        "ann:",
        ":pbkdf2-sha256$10000$c2FsdHNhbHQ=$AAAA",
        "ann:pbkdf2-sha256$10000$c2FsdHNhbHQ=$AAAA",
        "ann:pbkdf2-sha256$1$c2FsdHNhbHQ=$secretsecret",
        "ann:md5$10000$c2FsdHNhbHQ=$secretsecret",
        "ann:pbkdf2-sha256$99999999999$c2FsdHNhbHQ=$secretsecret",
        "ann:pbkdf2-sha256$10000$!!!$secretsecret"
      })
  void aLineThatIsNoneIsNamedAndNotShown(String line) {
    assertThatThrownBy(() -> users("# one\n" + line + "\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("users:2: ")
        .hasMessageNotContaining("secretsecret");
  }

  @Test
  void operatorsAreMarked() throws Exception {
    Users users = users("ann:" + PYTHON + ":operator\nbob:" + PYTHON + "\n");
    assertThat(users.knows("ann", "password")).isTrue();
    assertThat(users.operator("ann")).isTrue();
    assertThat(users.operator("bob")).isFalse();
    assertThat(users.operator("nobody")).isFalse();
  }

  @Test
  void aUserStandsOnce() {
    assertThatThrownBy(() -> users("ann:" + PYTHON + "\nann:" + PYTHON + "\n"))
        .hasMessageContaining("users:2: The user stands here a second time.");
  }

  @Test
  void noTextOfAClientOrADatabaseLooksLikeOneOfTheProtocol() {
    assertThat(CallFailures.safe("x status: 456 HTTP status code 503 Access denied"))
        .isEqualTo("x status '456' HTTP status '503' access denied");
    assertThat(CallFailures.safe("y".repeat(5000))).hasSize(1001);
    assertThat(PasswordHash.of("secret".toCharArray(), 10_000)).hasToString("pbkdf2-sha256$…");
  }
}
