package dev.signalbox.engine.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.Encryption;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.environment.PeerSettings;
import dev.signalbox.engine.environment.ServerAddress;
import dev.signalbox.engine.environment.TlsMode;
import dev.signalbox.engine.environment.TlsSettings;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresServer.Coordinates;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.support.Await;
import dev.signalbox.support.ServerTls;
import dev.signalbox.support.TestCertificates;
import dev.signalbox.support.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers that take nothing that is not encrypted: the console knows them as 127.0.0.1, each other
/// they know as localhost, and everybody proves who answers.
@Tag("long")
class EncryptedReleaseTest {
  @TempDir Path folder;

  private static PostgresServer reached(
      Colour colour, EmbeddedPostgres server, Path root, Path rootOfTheOther) {
    Coordinates at = server.coordinates("postgres");
    return new PostgresServer(
        colour,
        new Coordinates(
            at.addresses(),
            at.database(),
            at.user(),
            at.source(),
            new TlsSettings(
                TlsMode.VERIFY_FULL,
                Optional.of(root),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()),
            new PeerSettings(
                List.of(new ServerAddress("localhost", at.port())),
                TlsMode.VERIFY_FULL,
                Optional.of(rootOfTheOther.toString()))));
  }

  @Test
  void aReleaseMovesOverEncryptedConnectionsAlone() throws Exception {
    TestCertificates ours = TestCertificates.create(folder.resolve("pki"), "ours");
    TestCertificates.Pair both = ours.issue("server", "ip:127.0.0.1,dns:localhost");
    try (EmbeddedPostgres blue = EmbeddedPostgres.start(folder, "blue", Map.of("fsync", "off"));
        EmbeddedPostgres green = EmbeddedPostgres.start(folder, "green", Map.of("fsync", "off"))) {
      String root = Files.readString(ours.root());
      Path onBlue = ServerTls.write(blue, "other root.crt", root);
      Path onGreen = ServerTls.write(green, "other root.crt", root);
      for (EmbeddedPostgres server : List.of(blue, green)) {
        ServerTls.enable(server, both, ours);
        ServerTls.rules(server, "hostssl all all 127.0.0.1/32 scram-sha-256");
      }
      Map<Colour, PostgresServer> servers =
          Map.of(
              Colour.BLUE,
              reached(Colour.BLUE, blue, ours.root(), onGreen),
              Colour.GREEN,
              reached(Colour.GREEN, green, ours.root(), onBlue));
      BankSchema.create(Objects.requireNonNull(servers.get(Colour.BLUE)));
      Path scripts = BankSchema.migrations(Files.createDirectory(folder.resolve("scripts")));
      try (PlaneDriver console = new PlaneDriver("encrypted", servers, scripts)) {
        console.set();
        Await.until(
            "the gates are open",
            () ->
                Gate.views(console.plane.gates(PlaneDriver.FORWARD, Colour.BLUE)).stream()
                    .allMatch(g -> g.state() == GateView.State.OPEN));
        console.move(PlaneDriver.FORWARD);
        console.plane.refresh();

        assertThat(console.plane.live()).isEqualTo(Colour.GREEN);
        assertThat(console.plane.view().servers().values())
            .extracting(server -> server.encryption())
            .containsExactly(Encryption.TLS, Encryption.TLS);
        for (PostgresServer server : servers.values()) {
          assertThat(
                  TestDatabases.count(
                      server, "pg_stat_replication r JOIN pg_stat_ssl s USING (pid) WHERE s.ssl"))
              .isPositive();
          assertThat(
                  TestDatabases.count(
                      server,
                      "pg_stat_activity a JOIN pg_stat_ssl s USING (pid) WHERE NOT s.ssl"
                          + " AND a.client_port IS NOT NULL"))
              .isZero();
        }
      }
    }
  }

  @Test
  void aServerWithoutTlsIsSeenAsSuch() throws Exception {
    try (TestDatabases databases = TestDatabases.create()) {
      BankSchema.create(databases.blue());
      try (PlaneDriver console =
          new PlaneDriver("plain", databases.servers(), BankSchema.migrations(folder))) {
        console.plane.refresh();

        assertThat(console.plane.view().servers().values())
            .extracting(server -> server.encryption())
            .containsExactly(Encryption.NONE, Encryption.NONE);
      }
    }
  }
}
