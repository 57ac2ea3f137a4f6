package dev.signalbox.cluster.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.environment.Problem;
import dev.signalbox.strategy.Strategy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterFileTest {
  @TempDir Path folder;

  @BeforeEach
  void files() throws Exception {
    Files.createDirectories(folder.resolve("secrets"));
    Files.createDirectories(folder.resolve("tls"));
    for (String name : List.of("token", "blue", "green")) {
      Path secret = Files.writeString(folder.resolve("secrets").resolve(name), "s3cr3t\n");
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    }
    for (String name : List.of("users", "tls/cluster.pem", "tls/cluster.key")) {
      Files.writeString(folder.resolve(name), "");
    }
  }

  /// The example of the reference.
  private static String example() throws Exception {
    String text = Files.readString(Path.of("src/docs/cluster.md"));
    int start = text.indexOf("```yaml\n") + "```yaml\n".length();
    return text.substring(start, text.indexOf("```", start));
  }

  private ClusterFile.Result read(String text) throws Exception {
    return ClusterFile.read(Files.writeString(folder.resolve("cluster.yaml"), text));
  }

  @Test
  void theExampleOfTheReferenceIsValid() throws Exception {
    assertThat(read(example())).isInstanceOf(ClusterFile.Result.Loaded.class);
    ClusterSettings settings = ((ClusterFile.Result.Loaded) read(example())).settings();
    assertThat(settings.listen().getPort()).isEqualTo(7700);
    assertThat(settings.stateFile()).isEqualTo(folder.resolve("cluster.state"));
    assertThat(settings.initial()).isEqualTo(Strategy.BLUE);
    assertThat(settings.literals()).isEqualTo(Literals.BACKSLASH);
    assertThat(settings.limits()).isEqualTo(ClusterSettings.Limits.defaults());
    assertThat(settings.engines().get(Strategy.GREEN))
        .extracting(ClusterSettings.EngineSettings::statementTimeout)
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.toString()).doesNotContain("s3cr3t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          listen: 0.0.0.0:7700        | listen: 7700            | host:port such as
          listen: 0.0.0.0:7700        | listen: 127.0.0.1:77000 | from 0 to 65535
          listen: 0.0.0.0:7700        | lisen: 127.0.0.1:1      | Did you mean 'listen'?
          initial: blue               | initial: red            | must be blue or green
          literals: backslash         | literals: hive          | must be backslash or standard
          users: users                | users: nobody           | cannot be read
          stateFile: cluster.state    | stateFile: none/state   | The folder of
          batchRows: 10000            | batchRows: 0            | from 1 to 1000000
          sessionIdle: 30m            | sessionIdle: 500ms      | from 1s to 24h
          statementTimeout: 5m        | statementTimeout: 10ms  | from 100ms to 24h
          password: { file: secrets/blue } | password: s3cr3t   | Never write the secret
          database: bank_green        | database: bank_blue     | names the same database as blue
          """)
  void whatIsWrongIsSaidWithItsPlace(String found, String replacement, String sentence)
      throws Exception {
    String text = example().replace("host: db-green.example", "host: db-blue.example");
    assertThat(text).contains(found);
    assertThat(read(text.replace(found, replacement)))
        .isInstanceOfSatisfying(
            ClusterFile.Result.Invalid.class,
            invalid -> {
              assertThat(invalid.problems())
                  .anySatisfy(p -> assertThat(p.text()).contains(sentence));
              assertThat(invalid.problems()).extracting(Problem::line).allMatch(line -> line > 0);
              assertThat(invalid.problems().toString()).doesNotContain("s3cr3t");
            });
  }

  @Test
  void allProblemsComeAtOnceAndNoneFollowsFromAnother() throws Exception {
    String text =
        example()
            .replace("listen: 0.0.0.0:7700", "listen: 7700")
            .replace("database: bank_green", "database: bank_blue")
            .replace("host: db-green.example", "host: db-blue.example")
            .replace("initial: blue", "initial: red")
            .replace("literals: backslash", "literals: hive")
            .replace("key: tls/cluster.key", "key: ''")
            .replace("stateFile: cluster.state", "stateFile: [x]")
            .replace("users: users", "users: nobody");

    assertThat(read(text))
        .isInstanceOfSatisfying(
            ClusterFile.Result.Invalid.class,
            invalid ->
                assertThat(invalid.problems())
                    .extracting(problem -> problem.text().split("[,;.] ", 2)[0])
                    .containsExactlyInAnyOrder(
                        "'listen' must be host:port such as 127.0.0.1:7700 or [::1]:7700",
                        "'engines.green' names the same database as blue",
                        "'initial' must be blue or green",
                        "'literals' must be backslash or standard",
                        "'tls.key' must be a path",
                        "'stateFile' must be a path",
                        "The file " + folder.resolve("nobody") + " cannot be read."));
  }

  @Test
  void anEmptyFileIsToldWhatToHold() throws Exception {
    assertThat(read("# nothing yet\n"))
        .isInstanceOfSatisfying(
            ClusterFile.Result.Invalid.class,
            invalid ->
                assertThat(invalid.problems())
                    .extracting(Problem::text)
                    .containsExactly(
                        "The file is empty: write a query cluster such as the example in"
                            + " src/docs/cluster.md into it."));
  }

  @Test
  void literalsAreReadAsExistingConnectorsWriteThemUnlessTheFileSaysOtherwise() throws Exception {
    String without = example().replaceAll("(?m)^literals:.*\\n", "");
    assertThat(without).doesNotContain("literals");
    assertThat(literals(without)).isEqualTo(Literals.BACKSLASH);
    assertThat(literals(without + "literals: standard\n")).isEqualTo(Literals.STANDARD);
  }

  private Literals literals(String text) throws Exception {
    return ((ClusterFile.Result.Loaded) read(text)).settings().literals();
  }

  @Test
  void theControlServiceStaysOnThisMachine() throws Exception {
    String open = example().replace("listen: 127.0.0.1:7701", "listen: 192.0.2.1:7701");
    assertThat(open).contains("192.0.2.1", "certificate");
    assertThat(read(open))
        .isInstanceOfSatisfying(
            ClusterFile.Result.Invalid.class,
            invalid ->
                assertThat(invalid.problems().getFirst().text())
                    .contains("must be on this machine"));
  }
}
