package dev.signalbox.engine.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.support.ReferencePage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentFileTest {
  @TempDir Path folder;
  private Path file;
  private String good;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("signalbox.yaml");
    good = EnvironmentWriter.write(Examples.environment(folder));
  }

  @Test
  void readsBackWhatIsWritten() throws IOException {
    Files.writeString(file, good);

    assertThat(EnvironmentFile.read(file))
        .isEqualTo(new EnvironmentFile.Result.Loaded(Examples.environment(folder), List.of()));
  }

  @Test
  void defaultsStandForWhatIsLeftOut() {
    String text =
        good.replaceAll("(?m)^  (stallBudget|watch|lease|maxLag|poll|schemas):.*\n", "")
            .replaceAll("(?m)^release:.*\n", "");

    EnvironmentFile.Result result = parse(text);

    assertThat(result).isInstanceOf(EnvironmentFile.Result.Loaded.class);
    Environment read = ((EnvironmentFile.Result.Loaded) result).environment();
    assertThat(read.release()).isEqualTo(Environment.ReleaseSettings.defaults());
    assertThat(read.databases().getFirst().schemas()).containsExactly("public");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          port: 5432            | prot: 5432          | 'prot' is not known here. Did you mean 'port'?
          port: 5432            | port: 70000         | 'database.servers.blue.port' must be a whole number from 1 to 65535, not '70000'.
          port: 5432            | port: "5432"        | 'database.servers.blue.port' must be a whole number from 1 to 65535, not '5432' in quotes.
          port: 5432            | port: 5432\\n      port: 5 | 'database.servers.blue.port' stands here a second time. Remove one of them.
          port: 5432            | port:\\t5 \\n\\tx    | A tab stands here
          port: 5432            | port: &a 5          | LOADED
          port: 5432            | port: *a            | Aliases (*name) are not used here.
          port: 5432            | port: !x 5          | A tag (!…) is not used here.
          port: 5432            | port: [5            | Check the indentation, commas and brackets just above.
          maxLag: 1500ms        | maxLag: 2 seconds   | 'database.maxLag' must be a duration such as 500ms, 5s, 2m or 1h, not '2 seconds'.
          maxLag: 1500ms        | maxLag: 2h          | 'database.maxLag' must be from 1ms to 1h, not 2h.
          maxLag: 1500ms        | maxLag:             | 'database.maxLag' must be a duration such as 500ms, 5s, 2m or 1h; nothing stands here.
          port: 5433            | port: 5432          | 'database.servers.green' names the same database as blue. Blue and green must be two.
          127.0.0.1:8081        | 10.0.0.1:8081       | 'application.router.control' must be on this machine (127.0.0.1), where nobody else can reach it, not 10.0.0.1.
          127.0.0.1:7001        | db.example:7001     | 'strategy.control' must be on this machine (127.0.0.1), where nobody else can reach it, not db.example.
          host: \"127.0.0.1\" | host: "h/x?user=y"  | 'database.servers.blue.host' must be a host name or an address without a port, not 'h/x?…'.
          host: \"127.0.0.1\" | host: "user:SECRET@db" | without a port, not '…@db'.
          host: \"127.0.0.1\" | host: "postgres://u:SEC/R ET@db/x" | without a port, not 'postgres://…@db/x'.
          http://127.0.0.1:7001 | http://127.0.0.1:7001/?token=SECRET x | not 'http://127.0.0.1:7001/?…'.
          host: \"127.0.0.1\" | host: "db.example:0" | 'database.servers.blue.host' must be a host name or an address without a port, not 'db.example:0'.
          host: \"127.0.0.1\" | host: "fe80::1:0"   | LOADED
          http://127.0.0.1:7001 | http://me:SECRET@127.0.0.1:7001 | not 'http://…@127.0.0.1:7001'.
          ON: \"true\"          | 'A=B': x            | 'A=B' in 'application.stacks.blue.processes.0.variables' must be a name of letters, digits and _.
          drain: 3m             | drain: 2h           | 'strategy.drain' must be from 1s to 1h, not 2h.
          [\"public\"           | [\"signalbox\"      | 'signalbox' is not a schema of a service.
          secrets/database      | secrets/none        | cannot be read. Write the secret into it, with mode 600.
          env: \"PATH\"         | env: \"NOT_SET_1\"  | The environment variable NOT_SET_1 is not set.
          ON: \"true\"          | ON: true            | 'application.stacks.blue.processes.0.variables.ON' must be text (put numbers and true or false in quotes).
          """)
  void saysWhatIsWrongAndWhere(String found, String replacement, String sentence) {
    String with = replacement.replace("\\n", "\n").replace("\\t", "\t").replace("\\\"", "\"");
    String old = found.replace("\\\"", "\"");
    assertThat(good).contains(old);
    String text = replaceFirst(good, old, with);

    EnvironmentFile.Result result = parse(text);

    if (sentence.equals("LOADED")) {
      assertThat(result).isInstanceOf(EnvironmentFile.Result.Loaded.class);
      return;
    }
    List<Problem> problems = problems(result);
    int line = (int) good.substring(0, good.indexOf(old)).lines().count();
    boolean elsewhere = found.contains("5433");
    assertThat(problems)
        .anyMatch(
            p -> p.text().contains(sentence) && (elsewhere || Math.abs(p.line() - line) <= 1));
  }

  @Test
  void examplesInTheReferenceAreValid() throws IOException {
    for (String name : List.of("blue", "green", "entry", "app", "root.crt")) {
      Path secret = Files.writeString(folder.resolve("secrets").resolve(name), "x");
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    }
    List<Environment> read = new ArrayList<>();
    for (String example : ReferencePage.examples()) {
      EnvironmentFile.Result result = parse(example.replace("GREEN_PASSWORD", "PATH"));
      assertThat(result).isInstanceOf(EnvironmentFile.Result.Loaded.class);
      read.add(((EnvironmentFile.Result.Loaded) result).environment());
    }

    assertThat(read.getFirst().application()).isNotNull();
    assertThat(read.get(1).databases())
        .extracting(DatabaseSettings::plane)
        .containsExactly("database.orders", "database.billing");
  }

  /// Each is asked while the operator waits for the move.
  @Test
  void moreThan20PathsToWarmUpAreRefused() {
    String twenty = "/warm, ".repeat(19) + "/warm";

    assertThat(parse(replaceFirst(good, "\"/api/warm-up\"", twenty)))
        .isInstanceOf(EnvironmentFile.Result.Loaded.class);
    assertThat(problems(parse(replaceFirst(good, "\"/api/warm-up\"", twenty + ", /one"))))
        .singleElement()
        .extracting(Problem::text)
        .isEqualTo("'application.stacks.blue.endpoints.0.warmUp' is too long.");
  }

  @Test
  void columnPointsAtTheValueOrTheKey() {
    Problem value = problems(parse(replaceFirst(good, "port: 5432", "port: many"))).getFirst();
    Problem key =
        problems(parse(replaceFirst(good, "port: 5432", "port: 5432\n      hots: x"))).getFirst();

    assertThat(value.column()).isEqualTo("      port: ".length() + 1);
    assertThat(key.column()).isEqualTo("      ".length() + 1);
    assertThat(key.toString())
        .startsWith(file + ":" + key.line() + ":7: 'hots' is not known here.");
  }

  @Test
  void allProblemsComeAtOnceSortedByPlace() {
    String text =
        replaceFirst(good, "port: 5432", "prot: 1")
            .replace("rise: 2", "rise: 20")
            .replace("name: \"bank-1\"", "name: \"a b\"");

    List<Problem> problems = problems(parse(text));

    assertThat(problems).hasSize(4).isSortedAccordingTo(Problem.BY_PLACE);
    assertThat(problems.get(1).text())
        .isEqualTo(
            "'port' is missing in 'database.servers.blue'. It is a whole number from 1 to 65535.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          hunter2-Secret
          "hunter2-Secret"
          {hunter2-Secret}
          { value: hunter2-Secret }
          { env: hunter2-Secret }
          { file: [hunter2-Secret] }
          { file: x, hunter2-Secret: y }
          *hunter2-Secret
          &hunter2-Secret
          !hunter2-Secret x
          !hunter2-Secret!x y
          [hunter2-Secret
          'hunter2-Secret
          %hunter2-Secret
          @hunter2-Secret
          hunter2-Secret: x: y
          """)
  void secretInTheFileIsRefusedAndNotRepeated(String password) {
    String text =
        good.replaceFirst(
            "(?m)password: \\{.*$",
            "password: " + java.util.regex.Matcher.quoteReplacement(password));

    List<Problem> problems = problems(parse(text));

    assertThat(problems).isNotEmpty();
    assertThat(problems.toString()).doesNotContain("hunter2");
  }

  @Test
  void secretOthersMayReadIsRefusedAndTheGroupWarnedOf() throws IOException {
    Path secret = folder.resolve("secrets/database");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw----r--"));
    assertThat(problems(parse(good)).getFirst().text()).contains("chmod 600");

    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(((EnvironmentFile.Result.Loaded) parse(good)).warnings()).hasSize(5);
  }

  @Test
  void hostileFilesAreRefused() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(problems(parse(bomb.toString())).getFirst().text()).contains("Aliases");
    assertThat(problems(parse("[".repeat(100_000))).getFirst().text())
        .contains("nested too deeply");
    assertThat(problems(parse("a: 1\n--- \nb: 1\n")).getFirst().text()).contains("second document");
    assertThat(problems(parse("just words")).getFirst().text()).contains("must be an environment");
    Files.write(file, new byte[YamlFile.LIMIT + 1]);
    assertThat(problems(EnvironmentFile.read(file)).getFirst().text())
        .contains("larger than 256 KiB");
    assertThat(problems(EnvironmentFile.read(folder)).getFirst().text()).contains("It is a folder");
    assertThat(problems(EnvironmentFile.read(folder.resolve("no"))).getFirst().text())
        .contains("no such file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "# nothing yet\n", "---\n", "null\n"})
  void anEmptyFileIsToldWhatToHoldInOneSentence(String text) {
    assertThat(problems(parse(text)))
        .singleElement()
        .extracting(Problem::text)
        .isEqualTo(
            "The file is empty: write an environment such as the example in"
                + " src/docs/reference.md into it.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{a: b}: c", "? [x]", "? {a: b}\n: c", "[]: c"})
  void aKeyThatIsNoWordIsSaidWhereItStands(String entry) {
    String text = good + "\nmore:\n  " + entry.replace("\n", "\n  ") + "\n";
    int line = (int) good.lines().count() + 3;
    int column = entry.startsWith("? ") ? 5 : 3;

    assertThat(problems(parse(text)))
        .contains(
            new Problem(
                file,
                line,
                column,
                "A list or a mapping stands here as a key. Write one word in its place, in quotes"
                    + " if it begins with '[' or '{'."));
  }

  @Test
  void otherEncodingsAreRefusedAtTheirPlace() {
    byte[] bytes = "name: x\nwörter: 1\n".getBytes(StandardCharsets.ISO_8859_1);

    Problem problem = problems(EnvironmentFile.parse(file, bytes)).getFirst();

    assertThat(problem)
        .isEqualTo(
            new Problem(file, 2, 2, "The text is not UTF-8 from here on. Save the file in UTF-8."));
  }

  @Test
  void severalDatabasesHaveNamesAndNeedNoApplication() throws IOException {
    Environment several = Examples.severalDatabases(folder);
    Files.writeString(file, EnvironmentWriter.write(several));

    assertThat(EnvironmentFile.read(file))
        .isEqualTo(new EnvironmentFile.Result.Loaded(several, List.of()));
    assertThat(several.databases())
        .extracting(DatabaseSettings::plane)
        .containsExactly("database.orders", "database.billing");
  }

  @Test
  void anEnvironmentWithoutADatabaseSaysWhereItsJournalIs() throws IOException {
    Environment alone = Examples.applicationAlone(folder);
    String text = EnvironmentWriter.write(alone);

    assertThat(parse(text)).isEqualTo(new EnvironmentFile.Result.Loaded(alone, List.of()));
    String without = text.replaceAll("(?ms)^journal:.*?(?=^application:)", "");
    assertThat(problems(parse(without)).getFirst().text()).contains("'journal' is missing");
    assertThat(problems(parse(good + "\n" + between(text, "journal:", "application:"))))
        .singleElement()
        .extracting(Problem::text)
        .asString()
        .contains("Remove 'journal'");
    assertThat(problems(parse("name: nothing\n")).getFirst().text())
        .contains("Nothing stands here that could change over");
  }

  /// What the schema cannot say is not kept back until everything fits it.
  @Test
  void allProblemsComeAtOnceOfWhateverKind() {
    String text =
        good.replace("rise: 2", "rise: 20")
            .replace("port: 5433", "port: 5432")
            .replace("127.0.0.1:8081", "10.0.0.1:8081")
            .replace("drain: 3m", "drain: 2h")
            .replace("poll: 500ms", "pol: 500ms")
            .replace("env: \"PATH\"", "env: \"NOT_SET_1\"");

    assertThat(problems(parse(text)))
        .isSortedAccordingTo(Problem.BY_PLACE)
        .extracting(Problem::text)
        .containsExactlyInAnyOrder(
            "'application.health.rise' must be a whole number from 1 to 10, not '20'.",
            "'database.servers.green' names the same database as blue. Blue and green must be two.",
            "'application.router.control' must be on this machine (127.0.0.1), where nobody else"
                + " can reach it, not 10.0.0.1.",
            "'strategy.drain' must be from 1s to 1h, not 2h.",
            "'pol' is not known here. Did you mean 'poll'?",
            "The environment variable NOT_SET_1 is not set. Set it, or use { file: PATH }.");
  }

  /// No second problem follows from one.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          (?m)port: 543[23] | port: many
          (?m)host: .* | host: "a b"
          (?m)path: .* | path: [x]
          (?m)address: .*$ | address: 5
          (?m)password: .* | password: x
          (?m)token: .* | token: { file: "", env: X }
          (?ms)^database:.*?^(?=application) | database: 5\\n
          (?ms)^database:.*?^(?=application) | databases: [a]\\n
          (?m)^database: | databse:
          (?m)^application: | aplication:
          (?ms)^  stacks:.*?^(?=strategy) |   stacks: { blue: 1, green: [2] }\\n
          (?m)folder: .* | folder: {}
          (?m)drain: .* | drain: 3 m
          (?m)ON: .* | ON: [x]
          """)
  void whatTheSchemaRefusesIsNotCheckedAnyFurther(String found, String replacement) {
    String text = good.replaceAll(found, replacement.replace("\\n", "\n"));
    assertThat(text).isNotEqualTo(good);

    List<Problem> all = problems(parse(text));

    YamlFile.Result read =
        YamlFile.parse(
            file, text.getBytes(StandardCharsets.UTF_8), new SchemaCheck(EnvironmentFile.SETTINGS));
    assertThat(read)
        .isInstanceOfSatisfying(
            YamlFile.Result.Read.class,
            tree -> assertThat(all).isNotEmpty().hasSameElementsAs(tree.problems()));
  }

  @Test
  void namesFromTheFileDoNoHarmToATerminal() {
    assertThat(problems(parse("databases: { \"\\e[31mred\": { servers: 5 } }\n")))
        .extracting(Problem::text)
        .contains("'databases.�[31mred.servers' must be the servers blue and green, not '5'.")
        .noneMatch(text -> text.contains("\u001b"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:70000, 70000",
    "http://127.0.0.1:65536/x, 65536",
    "http://127.0.0.1:0, 0",
    "http://[::1]:99999999999999999999, 99999999999999999999",
    "http://127.0.0.1:65535,",
    "http://127.0.0.1:00080/x,",
    "http://[::1]:1,",
    "http://127.0.0.1,",
  })
  void aPortOutOfRangeIsSaidWithItsRange(String address, @Nullable String refused) {
    String text = replaceFirst(good, "http://127.0.0.1:7001", address);

    EnvironmentFile.Result result = parse(text);

    if (refused == null) {
      assertThat(result).isInstanceOf(EnvironmentFile.Result.Loaded.class);
    } else {
      String before = text.substring(0, text.indexOf("\"" + address));
      assertThat(problems(result))
          .containsExactly(
              new Problem(
                  file,
                  (int) before.lines().count(),
                  before.length() - before.lastIndexOf('\n'),
                  "The port in 'strategy.control' must be from 1 to 65535, not " + refused + "."));
    }
  }

  /// What is seen of an endpoint is kept by its name.
  @Test
  void twoEndpointsOfAStackMustNotShareAName() {
    String text = replaceFirst(good, "\"frontend\"", "\"backend\"");
    int line = (int) text.substring(0, text.indexOf("\"http://127.0.0.1:9001\"")).lines().count();

    assertThat(problems(parse(text)))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.line()).isEqualTo(line - 1);
          assertThat(problem.text())
              .isEqualTo(
                  "'application.stacks.blue.endpoints.1.name' is the same as"
                      + " 'application.stacks.blue.endpoints.0.name', and what one answers would"
                      + " count for the other. Give each endpoint of a stack its own name.");
        });
    // Two that are checked at one address do not get into each other's way.
    assertThat(
            parse(
                text.replaceFirst("\"backend\"(?=\\s+address: \"http://127.0.0.1:9001)", "web")
                    .replace("127.0.0.1:9001", "127.0.0.1:9000")))
        .isInstanceOf(EnvironmentFile.Result.Loaded.class);
  }

  /// They would have one pid file: the second would be taken for the first and never started.
  @Test
  void twoProcessesMustNotShareTheirFiles() {
    String other = good.replace("folder: \"green\"", "folder: \"green/../blue\"");
    int line = (int) other.substring(0, other.indexOf("green/../blue")).lines().count();

    assertThat(problems(parse(other)))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.line()).isBetween(line - 5, line);
          assertThat(problem.text())
              .isEqualTo(
                  "'application.stacks.green.processes.0' has the name and the folder of"
                      + " 'application.stacks.blue.processes.0', so that both would have one pid"
                      + " file and one log. Give one of them another name or another folder.");
        });
    String more = "processes:\n        - { name: NAME, command: [a], folder: FOLDER }";
    String one = replaceFirst(good, "processes:", more);
    assertThat(problems(parse(one.replace("NAME", "backend").replace("FOLDER", "blue"))))
        .extracting(Problem::text)
        .containsExactly(
            "'application.stacks.blue.processes.1' has the name and the folder of"
                + " 'application.stacks.blue.processes.0', so that both would have one pid"
                + " file and one log. Give one of them another name or another folder.");
    assertThat(parse(one.replace("NAME", "worker").replace("FOLDER", "blue")))
        .isInstanceOf(EnvironmentFile.Result.Loaded.class);
    assertThat(parse(one.replace("NAME", "backend").replace("FOLDER", "blue/second")))
        .isInstanceOf(EnvironmentFile.Result.Loaded.class);
  }

  @Test
  void twoDatabasesOfOneNameAreRefused() throws IOException {
    String text = EnvironmentWriter.write(Examples.severalDatabases(folder));

    assertThat(problems(parse(text.replace("\"billing\"", "\"orders\""))))
        .extracting(Problem::text)
        .contains("'billing' names the same database as 'orders'. Each must be its own.");
    // Under another name of this machine.
    assertThat(
            problems(
                parse(
                    text.replace("\"billing\"", "\"orders\"")
                        .replaceFirst("127\\.0\\.0\\.1", "LOCALHOST"))))
        .extracting(Problem::text)
        .contains("'billing' names the same database as 'orders'. Each must be its own.");
  }

  @Test
  void aNameThatIsNoneIsSaidWhereItStands() throws IOException {
    String text = EnvironmentWriter.write(Examples.severalDatabases(folder));
    int line = (int) text.substring(0, text.indexOf("  billing:")).lines().count() + 1;

    assertThat(problems(parse(text.replace("  billing:", "  bil_ling:"))))
        .filteredOn(problem -> problem.text().contains("must be a name of 1 to 24"))
        .singleElement()
        .satisfies(problem -> assertThat(problem.line()).isEqualTo(line));
    assertThat(problems(parse(text.replace("  billing:", "  Billing:"))))
        .extracting(Problem::text)
        .contains(
            "'Billing' in 'databases' must be a name of 1 to 24 small letters, digits and '-'.");
  }

  @Test
  void twoRoutesMustNotWriteTheSameFile() throws IOException {
    String text = EnvironmentWriter.write(Examples.severalDatabases(folder));
    String route =
        """
            routes:
              - file:
                  blue: { path: b.properties, user: app, password: { env: PATH } }
                  green: { path: g.properties, user: app, password: { env: PATH } }
        """;
    String both =
        text.replaceAll("(?m)^(  orders:.*|  billing:.*)$", "$1\n" + route.stripTrailing());

    assertThat(problems(parse(both)))
        .extracting(Problem::text)
        .containsExactlyInAnyOrder(
            "'databases.billing.routes.0.file.blue' names the same file as"
                + " 'databases.orders.routes.0.file.blue'. Each route needs its own.",
            "'databases.billing.routes.0.file.green' names the same file as"
                + " 'databases.orders.routes.0.file.green'. Each route needs its own.");
  }

  private static String between(String text, String begin, String end) {
    return text.substring(text.indexOf("\n" + begin), text.indexOf("\n" + end));
  }

  /// Whatever is done to a file, the answer is a result with places inside the file.
  @Test
  void mutatedFilesGiveProblemsInsideTheFile() {
    String chars = "\t\n\r :-[]{}&*!|>'\"%@`#,?\u0000\u0007\u0085\u2028\uFEFF\uD83D\uDE82ä0aA~/";
    for (long seed = 1; seed <= 1500; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder(good);
      for (int i = random.nextInt(1, 6); i > 0 && !text.isEmpty(); i--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(5)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, chars.charAt(random.nextInt(chars.length())));
          case 2 -> text.delete(at, Math.min(text.length(), at + random.nextInt(200)));
          case 3 ->
              text.insert(
                  at, text.substring(at, Math.min(text.length(), at + random.nextInt(100))));
          default -> text.setLength(Math.max(1, at));
        }
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      if (bytes.length > 0 && random.nextInt(10) == 0) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      List<String> lines = List.of(new String(bytes, StandardCharsets.UTF_8).split("\n", -1));
      try {
        if (EnvironmentFile.parse(file, bytes)
            instanceof EnvironmentFile.Result.Invalid(var problems)) {
          assertThat(problems).as("seed %d", seed).isNotEmpty();
          for (Problem p : problems) {
            assertThat(p.line()).as("seed %d: %s", seed, p).isBetween(1, lines.size());
            assertThat(p.column())
                .as("seed %d: %s", seed, p)
                .isBetween(1, lines.get(p.line() - 1).length() + 1);
          }
        }
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ": " + text, e);
      }
    }
  }

  private EnvironmentFile.Result parse(String text) {
    return EnvironmentFile.parse(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Problem> problems(EnvironmentFile.Result result) {
    assertThat(result).isInstanceOf(EnvironmentFile.Result.Invalid.class);
    return ((EnvironmentFile.Result.Invalid) result).problems();
  }

  private static String replaceFirst(String text, String old, String with) {
    int at = text.indexOf(old);
    return text.substring(0, at) + with + text.substring(at + old.length());
  }
}
