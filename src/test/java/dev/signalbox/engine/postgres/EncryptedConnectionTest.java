package dev.signalbox.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.PasswordSource;
import dev.signalbox.engine.environment.PeerSettings;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.environment.ServerAddress;
import dev.signalbox.engine.environment.TlsMode;
import dev.signalbox.engine.environment.TlsSettings;
import dev.signalbox.engine.postgres.PostgresServer.Coordinates;
import dev.signalbox.support.ServerTls;
import dev.signalbox.support.TestCertificates;
import dev.signalbox.support.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Against a real server with a certificate for 127.0.0.1, and one without any.
class EncryptedConnectionTest {
  private static final Duration ANSWER = Duration.ofSeconds(5);
  @TempDir static Path folder;
  private static EmbeddedPostgres server;
  private static TestCertificates ours;
  private static TestCertificates stranger;
  private static TestCertificates.Pair client;

  @BeforeAll
  static void start() throws Exception {
    ours = TestCertificates.create(folder.resolve("pki"), "ours");
    stranger = TestCertificates.create(folder.resolve("other"), "other");
    client = ours.issue("by_certificate", "");
    server = EmbeddedPostgres.start(folder, "tls", Map.of("fsync", "off"));
    ServerTls.execute(server, "CREATE ROLE by_certificate LOGIN");
    ServerTls.rules(
        server,
        "hostssl all by_certificate 127.0.0.1/32 cert",
        "host all postgres,turns 127.0.0.1/32 scram-sha-256");
    ServerTls.enable(server, ours.issue("server", "ip:127.0.0.1"), ours);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static TlsSettings tls(TlsMode mode, Path rootCert) {
    return new TlsSettings(
        mode, Optional.of(rootCert), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static TlsSettings withKey(
      Optional<Path> cert, Path key, Optional<SecretSource> password) {
    return new TlsSettings(
        TlsMode.VERIFY_FULL, Optional.of(ours.root()), cert, Optional.of(key), password);
  }

  /// @return TLS version, empty without TLS
  private static String encryption(
      EmbeddedPostgres to, String host, String user, PasswordSource password, TlsSettings tls)
      throws SQLException {
    List<ServerAddress> addresses = List.of(new ServerAddress(host, to.port()));
    PostgresServer reached =
        new PostgresServer(
            Colour.BLUE,
            new Coordinates(
                addresses, "postgres", user, password, tls, PeerSettings.like(addresses, tls)));
    try (PostgresSession session = PostgresSession.open(reached, "test", ANSWER)) {
      return session.ask(h ->
          h.select("SELECT coalesce(version, '') FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
              .mapTo(String.class)
              .one());
    }
  }

  private static String encryption(EmbeddedPostgres to, String host, TlsSettings tls)
      throws SQLException {
    Coordinates at = to.coordinates("postgres");
    return encryption(to, host, at.user(), at.source(), tls);
  }

  @Test
  void theServersOwnCertificateIsAcceptedAndTheConnectionEncrypted() throws Exception {
    assertThat(encryption(server, "127.0.0.1", tls(TlsMode.VERIFY_FULL, ours.root())))
        .startsWith("TLSv1.");
    assertThat(encryption(server, "127.0.0.1", TlsSettings.of(TlsMode.REQUIRE)))
        .startsWith("TLSv1.");
    assertThat(encryption(server, "127.0.0.1", TlsSettings.DEFAULT)).startsWith("TLSv1.");
    assertThat(encryption(server, "127.0.0.1", TlsSettings.of(TlsMode.DISABLE))).isEmpty();
  }

  @Test
  void aCertificateOfAnotherHostIsRefusedByVerifyFullAlone() throws Exception {
    assertThatThrownBy(() -> encryption(server, "localhost", tls(TlsMode.VERIFY_FULL, ours.root())))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("localhost");
    assertThat(encryption(server, "localhost", tls(TlsMode.VERIFY_CA, ours.root())))
        .startsWith("TLSv1.");
  }

  @ParameterizedTest
  @EnumSource(names = {"VERIFY_CA", "VERIFY_FULL"})
  void aServerThatAnotherAuthorityVouchesForIsRefused(TlsMode mode) throws Exception {
    assertThatThrownBy(() -> encryption(server, "127.0.0.1", tls(mode, stranger.root())))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("SSL error");
    // No authority that everybody trusts has ever heard of it.
    assertThatThrownBy(
            () -> encryption(server, "127.0.0.1", tls(TlsMode.VERIFY_FULL, TlsSettings.SYSTEM)))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("SSL error");
  }

  @Test
  void aServerWithoutTlsIsRefusedWhereItIsRequired() throws Exception {
    EmbeddedPostgres plain = TestServers.get(Colour.BLUE);

    assertThatThrownBy(() -> encryption(plain, "127.0.0.1", TlsSettings.of(TlsMode.REQUIRE)))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("does not support SSL");
    assertThat(encryption(plain, "127.0.0.1", TlsSettings.DEFAULT)).isEmpty();
  }

  @Test
  void aCertificateOfOursLetsUsInInEachFormThatTheReferenceNames() throws Exception {
    SecretSource open =
        new SecretSource.InFile(
            Files.writeString(folder.resolve("word"), TestCertificates.storePassword() + "\n"));
    Path der = folder.resolve("client.pk8");
    String pem = Files.readString(client.key());
    Files.write(
        der, java.util.Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "")));
    Files.setPosixFilePermissions(der, Files.getPosixFilePermissions(client.key()));
    Path named = Files.copy(client.key(), folder.resolve("client.pem"));
    Files.setPosixFilePermissions(named, Files.getPosixFilePermissions(client.key()));

    for (TlsSettings tls :
        List.of(
            withKey(Optional.of(client.certificate()), client.key(), Optional.empty()),
            withKey(Optional.of(client.certificate()), named, Optional.empty()),
            withKey(Optional.of(client.certificate()), der, Optional.empty()),
            withKey(Optional.empty(), client.store(), Optional.of(open)))) {
      assertThat(encryption(server, "127.0.0.1", "by_certificate", new PasswordSource.None(), tls))
          .as("%s", tls.key())
          .startsWith("TLSv1.");
    }
    assertThatThrownBy(() ->
            encryption(
                server,
                "127.0.0.1",
                "by_certificate",
                new PasswordSource.None(),
                tls(TlsMode.VERIFY_FULL, ours.root())))
        .isInstanceOf(SQLException.class);
  }

  /// Nobody is asked on the terminal, and no message shows it.
  @Test
  void aKeyThatDoesNotOpenIsASentence() throws Exception {
    SecretSource wrong =
        new SecretSource.InFile(Files.writeString(folder.resolve("wrong"), "hunter2\n"));

    for (Optional<SecretSource> password :
        List.of(Optional.<SecretSource>empty(), Optional.of(wrong))) {
      assertThatThrownBy(() ->
              encryption(
                  server,
                  "127.0.0.1",
                  "by_certificate",
                  new PasswordSource.None(),
                  withKey(Optional.empty(), client.store(), password)))
          .isInstanceOf(SQLException.class)
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void aPasswordThatWasChangedIsReadForTheNextConnection() throws Exception {
    ServerTls.execute(server, "CREATE ROLE turns LOGIN PASSWORD 'one'");
    Path file = Files.writeString(folder.resolve("turning"), "one\n");
    SecretSource source = new SecretSource.InFile(file);
    assertThat(encryption(server, "127.0.0.1", "turns", source, TlsSettings.DEFAULT)).isNotEmpty();

    ServerTls.execute(server, "ALTER ROLE turns PASSWORD 'two'");
    Files.writeString(file, "two\n");

    assertThat(encryption(server, "127.0.0.1", "turns", source, TlsSettings.DEFAULT)).isNotEmpty();
    Files.delete(file);
    assertThatThrownBy(() -> encryption(server, "127.0.0.1", "turns", source, TlsSettings.DEFAULT))
        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(Unreachable.is(e)).isTrue())
        .hasMessageContaining("The secret file " + file + " cannot be read");
  }
}
