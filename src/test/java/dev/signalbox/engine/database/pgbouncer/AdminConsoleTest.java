package dev.signalbox.engine.database.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.demo.postgres.PgBouncerProcess;
import dev.signalbox.engine.environment.DatabaseSettings.PgBouncer;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.environment.TlsMode;
import dev.signalbox.support.TestDatabases;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The login and its limits, at a real PgBouncer and at what only looks like one.
@Timeout(60)
class AdminConsoleTest {
  private static final Duration SECONDS = Duration.ofSeconds(3);

  @TempDir Path folder;
  private TestDatabases databases;
  private PgBouncerProcess.Application application;

  @BeforeEach
  void create() throws Exception {
    databases = TestDatabases.create();
    application = PgBouncerProcess.Application.in(databases);
  }

  @AfterEach
  void drop() throws Exception {
    databases.close();
  }

  private PgBouncerProcess bouncer(String auth, String more) throws Exception {
    return new PgBouncerProcess(folder.resolve("one"), databases.blue(), application, auth, more);
  }

  private static void works(PgBouncer settings) throws IOException {
    try (AdminConsole console = AdminConsole.open(settings, SECONDS)) {
      assertThat(console.show("SHOW DATABASES", SECONDS))
          .anySatisfy(row ->
              assertThat(row)
                  .containsEntry("name", PgBouncerProcess.ENTRY)
                  .containsEntry("host", "127.0.0.1"));
      assertThatThrownBy(() -> console.run("RESUME \"" + PgBouncerProcess.ENTRY + "\"", SECONDS))
          .isInstanceOf(AdminException.class)
          .hasMessageContaining("is not paused");
      assertThat(console.show("SHOW VERSION", SECONDS)).as("it goes on").hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"trust", "plain", "md5", "scram-sha-256"})
  void itLogsInAsItIsAsked(String auth) throws Exception {
    try (PgBouncerProcess one = bouncer(auth, "")) {
      works(one.settings());
      Path wrong = Files.writeString(folder.resolve("wrong"), "not the secret\n");
      PgBouncer right = one.settings();
      PgBouncer other =
          new PgBouncer(
              right.host(),
              right.port(),
              right.user(),
              new SecretSource.InFile(wrong),
              right.database(),
              right.ini(),
              TlsMode.DISABLE,
              Optional.empty());
      if (auth.equals("trust")) {
        works(other);
      } else {
        assertThatThrownBy(() -> AdminConsole.open(other, SECONDS))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("refused the login of signalbox")
            .hasMessageNotContaining("secret");
      }
    }
  }

  @Test
  void itIsEncryptedAsWanted() throws Exception {
    certificate();
    try (PgBouncerProcess one =
        bouncer(
            "scram-sha-256",
            "client_tls_sslmode = require\nclient_tls_key_file = %s\nclient_tls_cert_file = %s"
                .formatted(folder.resolve("key.pem"), folder.resolve("cert.pem")))) {
      for (TlsMode mode : List.of(TlsMode.ALLOW, TlsMode.PREFER, TlsMode.REQUIRE)) {
        works(one.settings(mode));
      }
      works(trusting(one.settings(TlsMode.VERIFY_FULL), folder.resolve("cert.pem")));
      assertThatThrownBy(() -> AdminConsole.open(one.settings(TlsMode.DISABLE), SECONDS))
          .hasMessageContaining("refused the login");
      assertThatThrownBy(() ->
              AdminConsole.open(
                  trusting(one.settings(TlsMode.VERIFY_CA), folder.resolve("none.pem")), SECONDS))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void withoutTlsThereIsNoneThatIsRequired() throws Exception {
    try (PgBouncerProcess one = bouncer("trust", "")) {
      works(one.settings(TlsMode.PREFER));
      assertThatThrownBy(() -> AdminConsole.open(one.settings(TlsMode.REQUIRE), SECONDS))
          .hasMessageContaining("offers no TLS. Set client_tls_sslmode there, or tls: disable");
    }
  }

  private static PgBouncer trusting(PgBouncer s, Path root) {
    return new PgBouncer(
        s.host(),
        s.port(),
        s.user(),
        s.password(),
        s.database(),
        s.ini(),
        s.tls(),
        Optional.of(root));
  }

  private void certificate() throws Exception {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "one",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    pem("key.pem", "PRIVATE KEY", keys.getKey("one", "changeit".toCharArray()).getEncoded());
    pem("cert.pem", "CERTIFICATE", keys.getCertificate("one").getEncoded());
  }

  private void pem(String name, String kind, byte[] content) throws IOException {
    Files.writeString(
        folder.resolve(name),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(kind, Base64.getMimeEncoder().encodeToString(content), kind));
  }

  // ---- what only looks like one -----------------------------------------------------------------

  private interface Server {
    void answer(Socket client) throws IOException;
  }

  private void against(Server server, String sentence) throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  server.answer(listening.accept());
                } catch (IOException e) {
                  // The other end went away, which is what it should do.
                  Thread.currentThread().interrupt();
                }
              });
      PgBouncer settings =
          new PgBouncer(
              "127.0.0.1",
              listening.getLocalPort(),
              "signalbox",
              new SecretSource.InVariable("PATH"),
              "bank",
              folder,
              TlsMode.DISABLE,
              Optional.empty());
      long start = System.nanoTime();
      assertThatThrownBy(() -> AdminConsole.open(settings, Duration.ofMillis(400)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(sentence);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      thread.interrupt();
      thread.join();
    }
  }

  private static void send(Socket client, char type, int length, byte... payload)
      throws IOException {
    OutputStream out = client.getOutputStream();
    out.write(
        ByteBuffer.allocate(5 + payload.length)
            .put((byte) type)
            .putInt(length)
            .put(payload)
            .array());
    out.flush();
  }

  private static void silence(Socket client) throws IOException {
    while (client.getInputStream().read() >= 0) {
      // It takes everything and answers nothing.
    }
  }

  @Test
  void oneThatSaysNothingIsGivenUp() throws Exception {
    against(AdminConsoleTest::silence, "did not answer 'the login' within 400 ms");
  }

  @Test
  void oneThatDripsForEverIsGivenUp() throws Exception {
    against(
        client -> {
          while (true) {
            send(client, 'N', 4);
          }
        },
        "did not answer 'the login' within 400 ms");
  }

  @Test
  void whatIsNoPostgresIsNotBelieved() throws Exception {
    against(
        client -> {
          send(client, 'R', Integer.MAX_VALUE);
          silence(client);
        },
        "does not speak PostgreSQL's protocol");
    against(
        client -> {
          send(client, 'R', 4);
          silence(client);
        },
        "is cut off");
    against(
        client -> {
          // A login that is over before the password was proven: SCRAM, then 'ok'.
          byte[] scram = {
            0, 0, 0, 10, 'S', 'C', 'R', 'A', 'M', '-', 'S', 'H', 'A', '-', '2', '5', '6', 0, 0
          };
          send(client, 'R', 4 + scram.length, scram);
          send(client, 'R', 8, new byte[4]);
          silence(client);
        },
        "did not prove that it knows the password");
  }
}
