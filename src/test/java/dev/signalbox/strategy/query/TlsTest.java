package dev.signalbox.strategy.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.signalbox.strategy.ScriptedCluster;
import dev.signalbox.strategy.StrategyConfig;
import dev.signalbox.strategy.StrategyException;
import dev.signalbox.strategy.StrategyManager;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir private Path folder;

  /// A certificate of its own for localhost, with its key, as PEM.
  private Path certificate() throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "cluster",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    pem("key.pem", "PRIVATE KEY", keys.getKey("cluster", PASSWORD.toCharArray()).getEncoded());
    return pem("cert.pem", "CERTIFICATE", keys.getCertificate("cluster").getEncoded());
  }

  private Path pem(String file, String what, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        folder.resolve(file),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, text, what));
  }

  @Test
  void speaksTlsWithWhomItTrustsOnly() throws Exception {
    Path certificate = certificate();
    try (ScriptedCluster cluster =
            new ScriptedCluster(
                TlsServerCredentials.create(
                    certificate.toFile(), folder.resolve("key.pem").toFile()));
        StrategyManager manager =
            new StrategyManager(StrategyConfig.defaults().withRetryAttempts(1))) {
      ConnectionSettings settings = StrategyConnectionTest.settings(cluster);
      try (StrategyConnection connection =
          StrategyConnection.open(settings.withTls(new Tls(certificate, null, null)), manager)) {
        assertThat(connection.schemas()).containsExactly("public");
      }
      assertThatExceptionOfType(StrategyException.class)
          .isThrownBy(
              () -> StrategyConnection.open(settings.withTls(new Tls(null, null, null)), manager));
    }
  }

  @Test
  void saysWhichFileCannotBeRead() {
    Path missing = folder.resolve("missing.pem");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tls(missing, null, null).credentials())
        .withMessageContaining("missing.pem");
    assertThatIllegalArgumentException().isThrownBy(() -> new Tls(null, missing, null));
  }
}
