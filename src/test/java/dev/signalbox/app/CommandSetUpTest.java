package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.cli.ExitCode;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.file.AtomicFile;
import dev.signalbox.engine.journal.PostgresLease;
import dev.signalbox.support.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Commands as processes of their own where something around them is not as it should be.
@Timeout(120)
@Tag("long")
class CommandSetUpTest {
  /// Nobody can make a folder there, not even root.
  private static final Path UNUSABLE = Path.of("/proc/nope");

  @TempDir Path folder;
  private TestDatabases databases;
  private Path file;

  @BeforeEach
  void open() throws Exception {
    databases = TestDatabases.create();
    file = Files.writeString(folder.resolve("signalbox.yaml"), yaml());
  }

  @AfterEach
  void close() throws Exception {
    databases.close();
  }

  private String yaml() throws IOException {
    StringBuilder servers = new StringBuilder();
    StringBuilder stacks = new StringBuilder();
    for (Colour colour : Colour.values()) {
      var at = databases.get(colour).coordinates();
      AtomicFile.ofOwner(folder.resolve(colour.id())).write(at.password() + "\n");
      servers.append(
          """
              %s: {host: %s, port: %d, database: %s, user: %s, password: {file: %s}}
          """
              .formatted(colour.id(), at.host(), at.port(), at.database(), at.user(), colour.id()));
      stacks.append(
          """
              %s:
                endpoints:
                  - {name: backend, address: "http://127.0.0.1:1", checks: [/health]}
          """
              .formatted(colour.id()));
    }
    return """
    name: bank
    database:
      migrations: .
      servers:
    %sapplication:
      router: {address: "http://127.0.0.1:1", control: "http://127.0.0.1:1", token: {file: blue}}
      stacks:
    %s\
    """
        .formatted(servers, stacks);
  }

  @Test
  void aDriverWithoutAStateFolderRefusesAtOnce() throws Exception {
    try (CommandProcess drive = new CommandProcess(file, UNUSABLE, "drive")) {
      assertThat(drive.code()).isEqualTo(ExitCode.USAGE);
      assertThat(drive.text())
          .contains(
              "The state folder /proc/nope/signalbox/drivers cannot be made", "XDG_STATE_HOME")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void aLogThatCannotBeWrittenIsABadSetUp() throws Exception {
    try (CommandProcess audit = new CommandProcess(file, UNUSABLE, "audit verify --debug")) {
      assertThat(audit.code()).isEqualTo(ExitCode.USAGE);
      assertThat(audit.text())
          .contains("The log /proc/nope/signalbox/signalbox.log cannot be written")
          .doesNotContain("\tat ", "unexpected");
    }
  }

  @Test
  void theLogOfACommandIsInItsFileAndNotOnTheTerminal() throws Exception {
    Path log = folder.resolve("signalbox").resolve("signalbox.log");
    try (CommandProcess status =
        new CommandProcess(file, folder, "release status --timeout 3s --debug")) {
      assertThat(status.code()).isEqualTo(ExitCode.TIMED_OUT);
      assertThat(status.text()).contains("signalbox: logging to " + log);
    }
    assertThat(log).content().contains("DEBUG");
    String refused = "release takeover --confirm bank --alone no --timeout 20s";
    try (PostgresLease lease =
        new PostgresLease(
            List.of(databases.blue(), databases.green()),
            "driver",
            "the driver",
            Duration.ofMinutes(5))) {
      assertThat(lease.acquire(false)).isPositive();
      try (CommandProcess takeOver = new CommandProcess(file, folder, words(refused, ""))) {
        assertThat(takeOver.code()).isEqualTo(ExitCode.FAILED);
        assertThat(takeOver.text()).contains("Failed: To drive").doesNotContain("WARN");
      }
      try (CommandProcess takeOver = new CommandProcess(file, folder, words(refused, "--debug"))) {
        assertThat(takeOver.code()).isEqualTo(ExitCode.FAILED);
        assertThat(takeOver.text()).contains("the lease could not be taken over");
      }
    }
  }

  private static List<String> words(String line, String more) {
    return Stream.of((line + " " + more).strip().split(" ", -1)).toList();
  }

  @Test
  void whatNeedsNoStateFolderGoesOnWithoutOne() throws Exception {
    try (CommandProcess audit = new CommandProcess(file, UNUSABLE, "audit verify")) {
      assertThat(audit.code()).isEqualTo(ExitCode.FAILED);
      assertThat(audit.text()).contains("There is no journal in either database (0 entries)");
    }
  }

  @Test
  void aWatchEndsWhenNobodyReadsItAnyMore() throws Exception {
    ProcessBuilder watch =
        CommandProcess.builder(
                folder, List.of("release", "status", "--watch", "-f", file.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    List<Process> pipe =
        ProcessBuilder.startPipeline(List.of(watch, new ProcessBuilder("head", "-n", "1")));
    try {
      assertThat(pipe.getLast().inputReader().readLine()).contains("bank");
      assertThat(pipe.getFirst().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(pipe.getFirst().exitValue()).isZero();
    } finally {
      pipe.forEach(Process::destroyForcibly);
    }
  }

  @Test
  void aMigrationBesideADriverSaysWhatToDoAndNoMore() throws Exception {
    var both = List.of(databases.blue(), databases.green());
    Environment environment = Consoles.read(file);
    try (PostgresLease lease =
            new PostgresLease(both, "driver", "the driver", Duration.ofMinutes(5));
        ServerMigrations migrations =
            new ServerMigrations(environment, environment.databases().getFirst())) {
      assertThat(lease.acquire(false)).isPositive();
      Outcome outcome = migrations.apply(Colour.BLUE);
      assertThat(outcome).isInstanceOf(Outcome.Refused.class);
      assertThat(outcome.text())
          .contains("the driver drives this environment", "Nothing was changed. End that one")
          .doesNotContain("typed", "taken over");
    }
  }
}
