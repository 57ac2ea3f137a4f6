package dev.signalbox.engine.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.DatabaseSettings.ServerSettings;
import dev.signalbox.engine.secret.LibpqFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How a server is reached: what is read, and what is refused where.
class ServerSettingsTest {
  private static final String SERVERS =
      """
      name: bank
      database:
        servers:
          blue: { host: db-blue, port: 5432, database: bank, user: me, password: { env: PATH } }
          green: GREEN
      """;

  @TempDir Path folder;
  private Path file;
  private LibpqFiles files;

  @BeforeEach
  void files() throws IOException {
    file = folder.resolve("signalbox.yaml");
    files = new LibpqFiles(Map.of(), folder.resolve("home"), false);
    Files.createDirectories(folder.resolve("home/.postgresql"));
    owned("good", "x\n");
    owned("pgpass", "db-green:5432:bank:me:never shown\n");
  }

  private Path owned(String name, String text) throws IOException {
    Path path = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    return path;
  }

  private EnvironmentFile.Result parse(String green) {
    String text = SERVERS.replace("GREEN", green);
    return EnvironmentFile.parse(file, text.getBytes(StandardCharsets.UTF_8), files);
  }

  private ServerSettings green(String text) {
    EnvironmentFile.Result result = parse(text);
    assertThat(result).isInstanceOf(EnvironmentFile.Result.Loaded.class);
    return Objects.requireNonNull(
        ((EnvironmentFile.Result.Loaded) result)
            .environment()
            .databases()
            .getFirst()
            .servers()
            .get(Colour.GREEN));
  }

  private List<Problem> problems(String green) {
    EnvironmentFile.Result result = parse(green);
    assertThat(result).isInstanceOf(EnvironmentFile.Result.Invalid.class);
    return ((EnvironmentFile.Result.Invalid) result).problems();
  }

  @Test
  void readsBackEverythingThatCanBeSaidOfAServer() throws IOException {
    Environment secured = Examples.secured(folder);
    Files.writeString(file, EnvironmentWriter.write(secured));

    assertThat(EnvironmentFile.read(file))
        .isEqualTo(new EnvironmentFile.Result.Loaded(secured, List.of()));
  }

  @Test
  void theFlatFormIsWhatItWas() {
    ServerSettings green =
        green("{ host: db, port: 5433, database: bank, user: me, password: { env: PATH } }");

    assertThat(green)
        .isEqualTo(
            new ServerSettings("db", 5433, "bank", "me", new SecretSource.InVariable("PATH")));
    assertThat(green.tls().mode()).isEqualTo(TlsMode.PREFER);
    assertThat(green.peer())
        .isEqualTo(
            new PeerSettings(
                List.of(new ServerAddress("db", 5433)), TlsMode.PREFER, Optional.empty()));
  }

  @Test
  void theOtherServerHasTheSameModeButNoRootCertificateOfOurs() {
    ServerSettings green =
        green(
            "{ hosts: [{ host: a }, { host: b, port: 1 }], port: 5432, database: bank, user: me,"
                + " password: { env: PATH }, tls: { mode: verify-ca, rootCert: good },"
                + " peer: { port: 6432 } }");

    assertThat(green.addresses())
        .containsExactly(new ServerAddress("a", 5432), new ServerAddress("b", 1));
    assertThat(green.peer())
        .isEqualTo(
            new PeerSettings(
                List.of(new ServerAddress("a", 6432), new ServerAddress("b", 6432)),
                TlsMode.VERIFY_CA,
                Optional.empty()));
  }

  /// Each names what stands at its place: `@` marks the column.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          tls: { mode: @full }                     | 'database.servers.green.tls.mode' must be disable, allow, prefer, require, verify-ca or verify-full, not 'full'.
          tls: { mode: @verify-full }              | 'verify-full' needs 'rootCert': the certificate that vouches for the server, or 'system'. Without it HOME/.postgresql/root.crt would be used, which cannot be read.
          tls: { mode: verify-ca, rootCert: @none } | The file FOLDER/none cannot be read.
          tls: { mode: verify-ca, rootCert: @. }   | The file FOLDER cannot be read.
          tls: { mode: verify-ca, rootCert: @system } | 'rootCert: system' needs mode verify-full, not verify-ca: those authorities vouch for anybody's server.
          tls: { mode: require, rootCert: @good }  | 'require' does not look at the server's certificate, so 'rootCert' would protect nothing. Use mode verify-full or verify-ca, or remove it.
          tls: { @cert: good }                     | 'cert' needs its 'key'. Add it.
          tls: { cert: good, key: @none }          | The file FOLDER/none cannot be read.
          tls: { @key: good }                      | 'key' needs its 'cert', unless it is a PKCS-12 file that holds both (.p12 or .pfx). Add it.
          tls: { cert: good, key: @open }          | Everybody on this machine can read or write the secret file FOLDER/open. Run: chmod 600 FOLDER/open
          tls: { keyPassword: @hunter2 }           | 'database.servers.green.tls.keyPassword' must say where the secret is
          tls: { @moed: require }                  | 'moed' is not known here. Did you mean 'mode'?
          @hosts: [{ host: a }]                    | 'host' is for one host, 'hosts' for several. Keep one of them.
          peer: @{ }                               | 'database.servers.green.peer' must be how the other server reaches this one.
          peer: { tls: { rootCert: @root.crt } }   | 'database.servers.green.peer.tls.rootCert' must be an absolute path on the other server, or system, not 'root.crt'.
          peer: { tls: { rootCert: @system } }     | 'rootCert: system' needs mode verify-full, not prefer: those authorities vouch for anybody's server.
          peer: { port: @0 }                       | 'database.servers.green.peer.port' must be a whole number from 1 to 65535, not '0'.
          service: @none                           | There is no service 'none' in HOME/.pg_service.conf.
          """)
  void saysWhatIsWrongAndWhere(String more, String sentence) throws IOException {
    Path open = owned("open", "x\n");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    String server =
        "{ host: db, port: 5433, database: bank, user: me, password: { env: PATH }, " + more + " }";

    List<Problem> problems = problems(server.replace("@", ""));

    Problem first = problems.getFirst();
    assertThat(problems).hasSize(1);
    assertThat(first.text())
        .contains(
            sentence
                .replace("FOLDER", folder.toString())
                .replace("HOME", folder.resolve("home").toString()))
        .doesNotContain("hunter2");
    assertThat(first.line()).isEqualTo(5);
    assertThat(first.column()).isEqualTo("    green: ".length() + server.indexOf('@') + 1);
  }

  @Test
  void whatIsMissingIsSaidOfTheServer() {
    assertThat(problems("{ port: 5432, user: me, password: { env: PATH } }"))
        .extracting(Problem::text)
        .containsExactlyInAnyOrder(
            "'host' is missing in 'database.servers.green'. It is a host name or an address without"
                + " a port.",
            "'database' is missing in 'database.servers.green'. It is a name of 1 to 63"
                + " characters.");
    assertThat(
            problems("{ hosts: [{ host: a }], database: bank, user: me, password: { env: PATH } }"))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.text())
              .isEqualTo(
                  "'port' is missing in 'database.servers.green.hosts.0', and"
                      + " 'database.servers.green' has none for all of them.");
          assertThat(problem.column()).isEqualTo("    green: { hosts: [".length() + 1);
        });
  }

  /// It would lead the applications to whichever host stands first.
  @Test
  void aRouteThatTellsOneHostRefusesASideOfSeveral() {
    String several =
        "{ hosts: [{ host: a }, { host: b }], port: 1, database: bank, user: me, password: { env:"
            + " PATH } }";
    assertThat(problems(several + "\n  routes: [{ command: { run: [x], check: [y] } }]"))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.line()).isEqualTo(6);
          assertThat(problem.text())
              .isEqualTo(
                  "'database.routes.0' tells one host of a side, and a side has several in 'hosts'."
                      + " Give the side one 'host' that always is its primary, or use another"
                      + " route.");
        });
  }

  @Test
  void blueAndGreenMustNotShareAHost() {
    assertThat(
            problems(
                "{ hosts: [{ host: x }, { host: DB-BLUE }], port: 5432, database: bank, user: me,"
                    + " password: { env: PATH } }"))
        .extracting(Problem::text)
        .containsExactly(
            "'database.servers.green' names the same database as blue. Blue and green must be"
                + " two.");
  }

  @Test
  void withoutAPasswordThePasswordFileOfLibpqIsAsked() throws IOException {
    String server = "{ host: db-green, port: 5432, database: bank, user: me }";
    Path usual = folder.resolve("home/.pgpass");
    assertThat(problems(server))
        .singleElement()
        .extracting(Problem::text)
        .isEqualTo(
            "'password' is missing in 'database.servers.green'. It is where the secret is, such as"
                + " { file: PATH }; without it the password file of libpq is asked. There is no"
                + " password file "
                + usual
                + ".");
    owned("home/.pgpass", "db-green:5433:bank:me:never shown\n");
    assertThat(problems(server).getFirst().text())
        .contains("The password file " + usual + " has no line for db-green:5432:bank:me.");
    Files.writeString(usual, "*:*:bank:me:first\n");

    PasswordSource password = green(server).password();

    assertThat(password).isEqualTo(new PasswordSource.InPassFile(usual));
    assertThat(password.password(new ServerAddress("db-green", 5432), "bank", "me"))
        .isEqualTo("first");
    // Whoever changes it need not start anything anew.
    Files.writeString(usual, "*:*:bank:me:second\n");
    assertThat(password.password(new ServerAddress("db-green", 5432), "bank", "me"))
        .isEqualTo("second");
    Files.setPosixFilePermissions(usual, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(problems(server).getFirst().text()).contains("chmod 600").doesNotContain("second");
  }

  @Test
  void aCertificateMayBeEnough() throws IOException {
    owned("me.p12", "x");

    assertThat(
            green(
                    "{ host: db, port: 1, database: bank, user: me, tls: { mode: require,"
                        + " key: me.p12 } }")
                .password())
        .isEqualTo(new PasswordSource.None());
  }

  @Test
  void aNamedPasswordFileMustHaveALine() {
    assertThat(
            green(
                    "{ host: db-green, port: 5432, database: bank, user: me, password: { passfile:"
                        + " pgpass } }")
                .password())
        .isEqualTo(new PasswordSource.InPassFile(folder.resolve("pgpass")));
    assertThat(
            problems(
                "{ host: db-green, port: 5433, database: bank, user: me, password: { passfile:"
                    + " pgpass } }"))
        .singleElement()
        .extracting(Problem::text)
        .isEqualTo(
            "The password file "
                + folder.resolve("pgpass")
                + " has no line for db-green:5433:bank:me.");
  }

  @Test
  void aServiceSaysWhatIsLeftOut() throws IOException {
    Path services =
        owned(
            "home/.pg_service.conf",
            "[bank]\nhost=a,b\nport=1,2\ndbname=shop\nuser=you\npassword=never shown\n"
                + "sslmode=verify-ca\nsslrootcert="
                + folder.resolve("good")
                + "\nconnect_timeout=9\n");

    ServerSettings whole = green("{ service: bank }");

    assertThat(whole)
        .isEqualTo(
            new ServerSettings(
                Optional.of("bank"),
                List.of(new ServerAddress("a", 1), new ServerAddress("b", 2)),
                "shop",
                "you",
                new PasswordSource.InService(services, "bank"),
                new TlsSettings(
                    TlsMode.VERIFY_CA,
                    Optional.of(folder.resolve("good")),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()),
                new PeerSettings(whole.addresses(), TlsMode.VERIFY_CA, Optional.empty())));
    assertThat(whole.password().password(whole.addresses().getFirst(), "shop", "you"))
        .isEqualTo("never shown");
    assertThat(whole.toString()).doesNotContain("never shown");
    ServerSettings own = green("{ service: bank, host: c, database: bank, port: 7 }");
    assertThat(own.addresses()).containsExactly(new ServerAddress("c", 7));
    assertThat(own.database()).isEqualTo("bank");
    assertThat(own.user()).isEqualTo("you");
    Environment read = ((EnvironmentFile.Result.Loaded) parse("{ service: bank }")).environment();
    assertThat(
            EnvironmentFile.parse(
                file, EnvironmentWriter.write(read).getBytes(StandardCharsets.UTF_8), files))
        .isEqualTo(new EnvironmentFile.Result.Loaded(read, List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          host=a;port=x           | 'host' and 'port' of the service 'bank' in FILE must be names and numbers from 1 to 65535, one port or as many as hosts.
          host=/run/postgresql    | 'host' and 'port' of the service 'bank' in FILE must be names and numbers
          host=a,b,c;port=1,2     | one port or as many as hosts.
          port=1                  | 'host' is missing in 'database.servers.green', and the service 'bank' in FILE has no 'host'. Add one of them.
          host=a;hostaddr=1.2.3.4 | The service 'bank' in FILE says 'hostaddr', which this program cannot do.
          host=a;sslmode=x        | 'sslmode' of the service must be disable, allow, prefer, require, verify-ca or verify-full.
          host=a;sslpassword=x    | The service says 'sslpassword'.
          """)
  void aServiceThatCannotBeUsedIsRefused(String lines, String sentence) throws IOException {
    Path services =
        owned(
            "home/.pg_service.conf",
            "[bank]\ndbname=shop\nuser=you\npassword=hunter2\n" + lines.replace(';', '\n') + "\n");

    List<Problem> problems = problems("{ service: bank }");

    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().text())
        .contains(sentence.replace("FILE", services.toString()))
        .doesNotContain("hunter2");
  }

  @Test
  void aVaultMustBeThere() throws IOException {
    String server =
        "{ host: db, port: 1, database: bank, user: me, password: { vault: bank.blue } }";
    assertThat(problems(server))
        .singleElement()
        .extracting(Problem::text)
        .isEqualTo(
            "There is no vault "
                + folder.resolve("signalbox.vault")
                + ". Make it with: signalbox vault set bank.blue");
    owned("signalbox.vault", "anything");

    PasswordSource password = green(server).password();

    assertThat(password)
        .isEqualTo(new SecretSource.InVault(folder.resolve("signalbox.vault"), "bank.blue"));
    assertThatThrownBy(() -> password.password(new ServerAddress("db", 1), "bank", "me"))
        .hasMessageContaining("was damaged or changed by hand");
  }

  @Test
  void nobodySubscribesToTheServerOfTheJournalAlone() throws IOException {
    String text = EnvironmentWriter.write(Examples.applicationAlone(folder));
    String with = text.replaceFirst("(?m)^(    host:.*)$", "$1\n    peer: { port: 1 }");

    assertThat(EnvironmentFile.parse(file, with.getBytes(StandardCharsets.UTF_8), files))
        .isInstanceOfSatisfying(
            EnvironmentFile.Result.Invalid.class,
            invalid ->
                assertThat(invalid.problems())
                    .singleElement()
                    .extracting(Problem::text)
                    .isEqualTo("No other server subscribes to this one. Remove 'peer'."));
  }
}
