package dev.signalbox.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.environment.PasswordSource;
import dev.signalbox.engine.environment.PeerSettings;
import dev.signalbox.engine.environment.ServerAddress;
import dev.signalbox.engine.environment.TlsMode;
import dev.signalbox.engine.environment.TlsSettings;
import dev.signalbox.engine.postgres.PostgresServer.Coordinates;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LibpqConnectionTest {
  private static Coordinates to(String database, String password, PeerSettings peer) {
    return new Coordinates(
        List.of(new ServerAddress("console.example", 1)),
        database,
        "it's me",
        new PasswordSource.Known(password),
        TlsSettings.of(TlsMode.VERIFY_FULL),
        peer);
  }

  @Test
  void namesWhatThePeerNeedsAndQuotesIt() {
    PeerSettings peer =
        new PeerSettings(
            List.of(new ServerAddress("10.0.0.1", 5432)),
            TlsMode.VERIFY_CA,
            Optional.of("/etc/o'k \\root.crt"));

    assertThat(LibpqConnection.text(to("a b", "p'\\ x", peer), 18))
        .isEqualTo(
            "host='10.0.0.1' port='5432' dbname='a b' user='it\\'s me' password='p\\'\\\\ x'"
                + " sslmode='verify-ca' sslrootcert='/etc/o\\'k \\\\root.crt'"
                + " connect_timeout=3 keepalives_idle=5 keepalives_interval=2 keepalives_count=3");
  }

  @Test
  void amongSeveralHostsItWantsThePrimaryAsTheVersionCanSayIt() {
    PeerSettings peer =
        new PeerSettings(
            List.of(new ServerAddress("a", 1), new ServerAddress("fd00::1", 2)),
            TlsMode.PREFER,
            Optional.empty());

    assertThat(LibpqConnection.text(to("bank", "", peer), 14))
        .startsWith("host='a,fd00::1' port='1,2' dbname='bank'")
        .contains(" sslmode='prefer' target_session_attrs='primary' ")
        .doesNotContain("password");
    assertThat(LibpqConnection.text(to("bank", "", peer), 13))
        .contains(" target_session_attrs='read-write' ");
  }

  @Test
  void aProgramOfTheConsoleReachesTheServerAsTheConsoleDoes() {
    PeerSettings peer = new PeerSettings(List.of(), TlsMode.DISABLE, Optional.empty());
    Coordinates to =
        new Coordinates(
            List.of(new ServerAddress("a", 1), new ServerAddress("fd00::1", 2)),
            "bank",
            "me",
            new PasswordSource.Known("p"),
            new TlsSettings(
                TlsMode.VERIFY_FULL,
                Optional.of(TlsSettings.SYSTEM),
                Optional.of(Path.of("/me.crt")),
                Optional.of(Path.of("/me.key")),
                Optional.empty()),
            peer);

    assertThat(LibpqConnection.variables(to))
        .containsOnly(
            Map.entry("PGHOST", "a,fd00::1"),
            Map.entry("PGPORT", "1,2"),
            Map.entry("PGDATABASE", "bank"),
            Map.entry("PGUSER", "me"),
            Map.entry("PGPASSWORD", "p"),
            Map.entry("PGSSLMODE", "verify-full"),
            Map.entry("PGSSLROOTCERT", "system"),
            Map.entry("PGSSLCERT", "/me.crt"),
            Map.entry("PGSSLKEY", "/me.key"),
            Map.entry("PGTARGETSESSIONATTRS", "primary"));
  }

  @Test
  void applicationsAreToldEachHostAndThatTheyNeedThePrimary() {
    Coordinates several =
        new Coordinates(
            List.of(new ServerAddress("a", 1), new ServerAddress("fd00::1", 2)),
            "a/b?c",
            "me",
            new PasswordSource.Known("hunter2"),
            TlsSettings.DEFAULT,
            new PeerSettings(List.of(), TlsMode.PREFER, Optional.empty()));

    assertThat(several.jdbcUrl())
        .isEqualTo("jdbc:postgresql://a:1,[fd00::1]:2/a%2Fb%3Fc?targetServerType=primary");
    assertThat(several.toString()).isEqualTo("me@a:1,[fd00::1]:2/a/b?c");
    assertThat(several.source().toString()).doesNotContain("hunter2");
    assertThat(new Coordinates("a", 1, "d", "u", "p").jdbcUrl())
        .isEqualTo("jdbc:postgresql://a:1/d");
  }
}
