package dev.signalbox.engine.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.environment.DatabaseSettings.PgBouncer;
import dev.signalbox.engine.environment.DatabaseSettings.RouteSettings;
import dev.signalbox.engine.environment.DatabaseSettings.StackFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The routes of a database in `signalbox.yaml`.
class RouteSettingsTest {
  @TempDir Path folder;
  private Path file;
  private SecretSource secret;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("signalbox.yaml");
    var _ = Examples.environment(folder);
    secret = new SecretSource.InFile(folder.resolve("secrets/database"));
  }

  private Environment with(List<RouteSettings> routes) throws IOException {
    Environment whole = Examples.environment(folder);
    DatabaseSettings one = whole.databases().getFirst();
    return new Environment(
        whole.name(),
        folder,
        whole.release(),
        null,
        List.of(
            new DatabaseSettings(
                "",
                one.servers(),
                one.migrations(),
                one.schemas(),
                one.maxLag(),
                one.poll(),
                routes)),
        null,
        null);
  }

  private PgBouncer bouncer(int port, TlsMode tls, Optional<Path> root) {
    return new PgBouncer(
        "10.0.0.7", port, "signalbox", secret, "bank-1", Path.of("/etc/pb/" + port), tls, root);
  }

  private List<RouteSettings> each() {
    return List.of(
        new RouteSettings.SharedFile(
            new StackFile(
                folder.resolve("all.properties"),
                "bank_app",
                secret,
                Optional.of(URI.create("http://127.0.0.1:9000/api/health/db")))),
        new RouteSettings.PgBouncers(
            List.of(
                bouncer(6432, TlsMode.VERIFY_FULL, Optional.of(folder.resolve("root.crt"))),
                bouncer(6433, TlsMode.DISABLE, Optional.empty()))),
        new RouteSettings.Command(
            List.of("/opt/dns", "{host}", "--to={colour}"),
            List.of("/opt/where"),
            Duration.ofMillis(1500)),
        new RouteSettings.Command(List.of("/opt/other"), List.of(), Duration.ofSeconds(5)),
        new RouteSettings.MultiHost());
  }

  private EnvironmentFile.Result parse(String text) {
    return EnvironmentFile.parse(file, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void eachKindReadsBackAsItIsWritten() throws IOException {
    Environment all = with(each());

    String text = EnvironmentWriter.write(all);

    assertThat(parse(text)).isEqualTo(new EnvironmentFile.Result.Loaded(all, List.of()));
    assertThat(text).contains("- multiHost: {}", "- pgbouncer:", "tls: verify-full");
    assertThat(parse(text.replaceAll("(?m)^ *(tls|timeout): .*\n", "")))
        .as("defaults")
        .isInstanceOfSatisfying(
            EnvironmentFile.Result.Loaded.class,
            read ->
                assertThat(read.environment().databases().getFirst().routes())
                    .contains(
                        new RouteSettings.PgBouncers(
                            List.of(
                                bouncer(
                                    6432, TlsMode.PREFER, Optional.of(folder.resolve("root.crt"))),
                                bouncer(6433, TlsMode.PREFER, Optional.empty())))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          port: 6433         | port: 0             | 'database.routes.1.pgbouncer.1.port' must be a whole number from 1 to 65535, not '0'.
          port: 6433         | port: 6432          | 'database.routes.1.pgbouncer.1' names the same entry as 'database.routes.1.pgbouncer.0'. Remove one of them.
          tls: disable       | tls: off            | 'database.routes.1.pgbouncer.1.tls' must be one of disable, allow, prefer, require, verify-ca, verify-full, not 'off'.
          tls: disable       | sslmode: disable    | 'sslmode' is not known here.
          database: "bank-1" | database: "bank\\"1" | 'database.routes.1.pgbouncer.0.database' must be a name of 1 to 63 characters without quotes
          "/opt/where"       | "{colour}"          | '{colour}' is not known here. 'check' is asked the same for both sides.
          --to={colour}      | --to={color}        | '{color}' is not known here. Known are: {colour}, {host}, {port}, {database}, {epoch}.
          timeout: 1500ms    | timeout: 1m         | 'database.routes.2.command.timeout' must be from 100ms to 20s, not 1m.
          multiHost: {}      | multiHost: { a: 1 } | 'a' is not known here.
          multiHost: {}      | multiHost:          | 'database.routes.4.multiHost' must be nothing more, {}; nothing stands here.
          multiHost: {}      | dns: x              | 'dns' is not known here. Known are: command, file, multiHost, pgbouncer.
          path: "all.properties" | pth: "all.properties" | 'path' is missing in 'database.routes.0.file'.
          user: "bank_app"   | blue: { path: a, user: b, password: { env: PATH } } | 'green' is missing in 'database.routes.0.file'.
          """)
  void whatIsWrongIsSaidWhereItStands(String found, String replacement, String sentence)
      throws IOException {
    String good = EnvironmentWriter.write(with(each()));
    assertThat(good).contains(found);
    int at = good.indexOf(found);
    String text = good.substring(0, at) + replacement + good.substring(at + found.length());

    assertThat(parse(text)).isInstanceOf(EnvironmentFile.Result.Invalid.class);
    List<Problem> problems = ((EnvironmentFile.Result.Invalid) parse(text)).problems();
    assertThat(problems)
        .anySatisfy(problem -> {
          assertThat(problem.text()).contains(sentence);
          int line = (int) text.substring(0, at).lines().count();
          assertThat(problem.line()).isBetween(line - 8, line + 1);
          assertThat(problem.column()).isPositive();
        });
  }

  @Test
  void theTwoFormsOfAFileDoNotMix() throws IOException {
    String good = EnvironmentWriter.write(Examples.environment(folder));
    String text =
        good.replaceFirst(
            "(?m)^( *)blue:  # What one", "$1acknowledge: \"http://a/\"\n$1blue:  # What one");
    assertThat(text).isNotEqualTo(good);

    assertThat(((EnvironmentFile.Result.Invalid) parse(text)).problems())
        .singleElement()
        .satisfies(problem ->
            assertThat(problem.text())
                .isEqualTo(
                    "'acknowledge' belongs to one file for all applications, 'blue' and 'green' to a"
                        + " file for each stack. Keep one of the two."));
  }

  @Test
  void twoRoutesMustNotShareAFile() throws IOException {
    RouteSettings shared = each().getFirst();

    String text = EnvironmentWriter.write(with(List.of(shared, shared)));

    assertThat(((EnvironmentFile.Result.Invalid) parse(text)).problems())
        .extracting(Problem::text)
        .containsExactly(
            "'database.routes.1.file' names the same file as 'database.routes.0.file'. Each route"
                + " needs its own.");
  }
}
