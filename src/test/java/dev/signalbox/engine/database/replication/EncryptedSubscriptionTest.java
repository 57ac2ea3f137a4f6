package dev.signalbox.engine.database.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.sync.Channel;
import dev.signalbox.engine.environment.PeerSettings;
import dev.signalbox.engine.environment.ServerAddress;
import dev.signalbox.engine.environment.TlsMode;
import dev.signalbox.engine.environment.TlsSettings;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresServer.Coordinates;
import dev.signalbox.support.Await;
import dev.signalbox.support.ServerTls;
import dev.signalbox.support.TestCertificates;
import dev.signalbox.support.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptedSubscriptionTest {
  @TempDir Path folder;

  /// The console reaches the publisher as 127.0.0.1, the other server as localhost.
  private static Coordinates publisher(EmbeddedPostgres server, String rootCert) {
    Coordinates at = server.coordinates("postgres");
    return new Coordinates(
        at.addresses(),
        at.database(),
        at.user(),
        at.source(),
        TlsSettings.DEFAULT,
        new PeerSettings(
            List.of(new ServerAddress("localhost", at.port())),
            TlsMode.VERIFY_FULL,
            Optional.of(rootCert)));
  }

  @Test
  void theOtherServersConnectionIsEncryptedAndProven() throws Exception {
    Channel channel = Channel.of("test", Colour.BLUE);
    TestCertificates ours = TestCertificates.create(folder.resolve("pki"), "ours");
    TestCertificates stranger = TestCertificates.create(folder.resolve("pki2"), "other");
    try (EmbeddedPostgres blue = EmbeddedPostgres.start(folder, "blue", Map.of("fsync", "off"));
        EmbeddedPostgres green = EmbeddedPostgres.start(folder, "green", Map.of("fsync", "off"))) {
      ServerTls.enable(blue, ours.issue("blue", "dns:localhost"), ours);
      String root =
          ServerTls.write(green, "it's root.crt", Files.readString(ours.root())).toString();
      String wrong =
          ServerTls.write(green, "wrong.crt", Files.readString(stranger.root())).toString();
      for (EmbeddedPostgres server : List.of(blue, green)) {
        ServerTls.execute(server, "CREATE TABLE t (id int PRIMARY KEY)");
      }
      ServerTls.execute(
          blue,
          "INSERT INTO t SELECT generate_series(1, 100)",
          "CREATE PUBLICATION " + channel.name() + " FOR TABLE t",
          "SELECT pg_create_logical_replication_slot('" + channel.name() + "', 'pgoutput')");
      PostgresServer receiver = new PostgresServer(Colour.GREEN, green.coordinates("postgres"));
      PostgresServer sender = new PostgresServer(Colour.BLUE, blue.coordinates("postgres"));

      assertThatThrownBy(() ->
              TestDatabases.jdbi(receiver)
                  .useTransaction(
                      h -> Subscription.create(h, channel, publisher(blue, wrong), true, false)))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("certificate verify failed");
      TestDatabases.jdbi(receiver)
          .useTransaction(h -> Subscription.create(h, channel, publisher(blue, root), true, false));

      Await.until("the rows are copied", () -> TestDatabases.count(receiver, "t") == 100);
      Await.until(
          "what is sent goes through TLS",
          () ->
              TestDatabases.count(
                      sender,
                      "pg_stat_replication r JOIN pg_stat_ssl s USING (pid) WHERE s.ssl"
                          + " AND r.application_name = '"
                          + channel.name()
                          + "'")
                  == 1);
      assertThat(TestDatabases.count(sender, "pg_stat_replication")).isEqualTo(1);
    }
  }
}
