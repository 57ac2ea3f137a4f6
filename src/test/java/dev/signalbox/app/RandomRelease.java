package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.signalbox.demo.load.Reconciliation;
import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.support.Await;
import dev.signalbox.support.RandomMoment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One release of a service under load, driven by commands alone, while random things break. After
/// each command everything that broke is mended, as a service manager or a person would, and the
/// commands that the runbooks name must lead to a state in which exactly one database takes writes,
/// with traffic on it, and everything that was acknowledged is there.
final class RandomRelease {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration QUIET = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final long seed;
  private final SplittableRandom random;
  private final Rig rig;
  private final SmallDisk disk;
  private final Console looking;
  private final ServiceProcesses processes;
  private final Path state;
  private final Set<UUID> givenUp = new HashSet<>();
  private final List<String> told = new ArrayList<>();
  private final List<CommandProcess> commands = new ArrayList<>();
  private final String yaml;
  private final long began = System.nanoTime();
  private @Nullable CommandProcess driver;
  private int faults;
  private int waysOut;

  /// Whether an operator has just said that writes may be lost.
  private boolean bearsLoss;

  /// @param state where drivers have their sockets
  /// @param looking a console that only looks on
  RandomRelease(long seed, Rig rig, SmallDisk disk, Console looking, Path state)
      throws IOException {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.rig = rig;
    this.disk = disk;
    this.looking = looking;
    this.state = state;
    this.processes = new ServiceProcesses(rig.site);
    this.yaml = Files.readString(rig.environmentFile);
  }

  /// What was done and seen, for a person.
  List<String> told() {
    return told;
  }

  void run(WriterWatch watch) throws Exception {
    try {
      if (random.nextInt(3) == 0) {
        drive();
      }
      operate(start(), random.nextInt(8000));
      int operations = 1 + random.nextInt(2);
      for (int n = 0; n < operations; n++) {
        if (!active()) {
          finish(begin(start()));
          settle();
        }
        switch (random.nextInt(6)) {
          case 0 -> operate(List.of("release", "rollback"), random.nextInt(4000));
          case 1 -> loseTheLiveSide();
          default -> operate(List.of("release", "cutover", "--no-watch"), random.nextInt(4000));
        }
      }
      end();
      assertThat(watch.violations()).isEmpty();
      tell("whole after %d faults, %d commands led out".formatted(faults, waysOut));
    } finally {
      if (driver != null) {
        driver.close();
      }
      commands.forEach(CommandProcess::close);
      mend();
    }
  }

  private List<String> start() throws Exception {
    return List.of("release", "start", live() == Colour.BLUE ? "v2" : "v1");
  }

  private boolean active() throws InterruptedException {
    ReleaseView release = release();
    return release != null && release.endedAt() == null;
  }

  private boolean watching() throws InterruptedException {
    ReleaseView release = release();
    return release != null && release.status() instanceof ReleaseView.Status.Watching;
  }

  private void tell(String what) {
    told.add("%6.1f  %s".formatted((System.nanoTime() - began) / 1e9, what));
  }

  // ---- commands -------------------------------------------------------------------------------

  private CommandProcess begin(List<String> words) throws IOException {
    tell("$ signalbox " + String.join(" ", words));
    CommandProcess command = new CommandProcess(rig.environmentFile, state, words);
    commands.add(command);
    return command;
  }

  /// Waits for the end of a command and tells its last line.
  ///
  /// @return the exit code, which is one that the reference names
  private int finish(CommandProcess command) throws InterruptedException {
    int code = command.code();
    tell("  ended with %d: %s".formatted(code, lastLine(command)));
    // It may have begun just when the file was damaged.
    assertThat(code == 2 && command.text().contains("signalbox.yaml:") ? 1 : code)
        .as(command.text())
        .isIn(0, 1, 3, 137);
    commands.remove(command);
    return code;
  }

  private static String lastLine(CommandProcess command) {
    List<String> lines = command.text().lines().filter(l -> !l.isBlank()).toList();
    return lines.isEmpty() ? "(nothing)" : lines.getLast();
  }

  /// What an operator reads.
  private JsonNode status() throws Exception {
    CommandProcess command =
        new CommandProcess(rig.environmentFile, state, "release status --json");
    commands.add(command);
    // 4: something does not answer.
    assertThat(command.code()).as(command.text()).isIn(0, 4);
    commands.remove(command);
    return JSON.readTree(
        command
            .text()
            .lines()
            .filter(line -> line.startsWith("{\"type\":\"status\""))
            .findFirst()
            .orElseThrow(() -> new AssertionError(command.text())));
  }

  /// The release as the journal tells it now; null before the first one.
  private @Nullable ReleaseView release() throws InterruptedException {
    Instant now = Instant.now();
    Await.until(
        "the journal is read",
        QUIET,
        () -> {
          Instant at = looking.snapshot().journalReadAt();
          return at != null && at.isAfter(now);
        });
    return looking.snapshot().release();
  }

  private void drive() throws Exception {
    CommandProcess next = begin(List.of("drive"));
    commands.remove(next);
    driver = next;
    Await.until("it drives", PATIENCE, () -> next.said("This driver drives") || !next.running());
    assertThat(next.said("This driver drives")).as(next.text()).isTrue();
  }

  // ---- faults ---------------------------------------------------------------------------------

  /// Gives a command, breaks something, mends it, and looks whether all is well.
  private void operate(List<String> words, int latest) throws Exception {
    CommandProcess command = begin(words);
    if (words.contains("cutover") && random.nextBoolean()) {
      await(command, "Traffic and writes move");
      latest = Math.min(latest, 1500);
    }
    RandomMoment.pass(random, latest);
    List<CommandProcess> others = new ArrayList<>();
    int strikes = random.nextInt(3);
    for (int n = 0; n < strikes; n++) {
      strike(drawn(), command, others);
      RandomMoment.pass(random, 3000);
    }
    mend();
    command.thaw();
    if (driver != null) {
      driver.thaw();
    }
    finish(command);
    for (CommandProcess other : others) {
      finish(other);
    }
    settle();
  }

  private static void await(CommandProcess command, String words) throws InterruptedException {
    Await.until(words, PATIENCE, () -> command.said(words) || !command.running());
  }

  private RandomFault drawn() {
    RandomFault[] all = RandomFault.values();
    return all[random.nextInt(all.length)];
  }

  private void strike(RandomFault fault, CommandProcess command, List<CommandProcess> others)
      throws Exception {
    tell("! " + fault);
    boolean struck =
        switch (fault) {
          case CONSOLE_KILLED -> {
            command.kill();
            yield true;
          }
          case CONSOLE_FROZEN -> {
            command.freeze();
            yield true;
          }
          case DRIVER_KILLED -> {
            if (driver == null) {
              yield false;
            }
            driver.kill();
            driver = null;
            yield true;
          }
          case DRIVER_FROZEN -> {
            if (driver == null) {
              yield false;
            }
            driver.freeze();
            yield true;
          }
          case BLUE_DATABASE_KILLED -> kill(rig.site.server(Colour.BLUE));
          case GREEN_DATABASE_KILLED -> kill(rig.site.server(Colour.GREEN));
          case BLUE_DATABASE_FROZEN -> {
            rig.site.server(Colour.BLUE).freeze();
            yield true;
          }
          case GREEN_DATABASE_FROZEN -> {
            rig.site.server(Colour.GREEN).freeze();
            yield true;
          }
          case BLUE_BACKEND_KILLED -> processes.kill("blue backend");
          case GREEN_BACKEND_KILLED -> processes.kill("green backend");
          case BLUE_BACKEND_FROZEN -> processes.freeze("blue backend");
          case GREEN_BACKEND_FROZEN -> processes.freeze("green backend");
          case ENTRY_KILLED -> processes.kill("entry");
          case ENTRY_FROZEN -> processes.freeze("entry");
          case CLUSTER_KILLED -> processes.kill("cluster");
          case CLUSTER_FROZEN -> processes.freeze("cluster");
          case DISK_FULL -> disk.fill();
          case YAML_BROKEN -> refusesBrokenYaml();
          case SECOND_ROLLBACK -> others.add(begin(List.of("release", "rollback")));
          case SECOND_RESUME -> others.add(begin(List.of("release", "resume", "--no-watch")));
          case SECOND_TAKEOVER ->
              others.add(
                  begin(
                      List.of(
                          "release",
                          "takeover",
                          "--no-watch",
                          "--confirm",
                          rig.environment().name())));
        };
    faults += struck ? 1 : 0;
  }

  /// SIGKILL, its sessions too: an orphan would keep the data from being used again.
  private static boolean kill(EmbeddedPostgres server) {
    ProcessHandle.of(server.pid())
        .ifPresent(p -> {
          List<ProcessHandle> family = new ArrayList<>(p.descendants().toList());
          family.addFirst(p);
          family.forEach(ProcessHandle::destroyForcibly);
          family.forEach(f -> f.onExit().join());
        });
    return true;
  }

  /// A file that was damaged by hand is refused with the place, and nothing happens.
  private boolean refusesBrokenYaml() throws Exception {
    // At the begin of a line: in a comment or a quoted text the same may be no damage at all.
    int at = yaml.indexOf('\n', random.nextInt(yaml.length() - 1)) + 1;
    String damage = random.nextBoolean() ? ": [\n" : "\tdamage\n";
    String broken = yaml.substring(0, at) + damage + yaml.substring(at);
    Files.writeString(rig.environmentFile, broken);
    CommandProcess command = begin(List.of("release", "status"));
    int code = command.code();
    Files.writeString(rig.environmentFile, yaml);
    commands.remove(command);
    tell("  ended with %d: %s".formatted(code, lastLine(command)));
    assertThat(code).as(command.text()).isEqualTo(2);
    assertThat(command.text()).containsPattern("signalbox\\.yaml:\\d+:\\d+: ");
    return true;
  }

  /// As a service manager, or a person, does: what died is started again, what is full is cleared.
  private void mend() throws IOException, InterruptedException {
    disk.free();
    for (Colour colour : Colour.values()) {
      EmbeddedPostgres server = rig.site.server(colour);
      server.thaw();
      start(server);
    }
    processes.mend();
    commands.forEach(RandomRelease::thaw);
  }

  /// What was killed may still be ending.
  private static void start(EmbeddedPostgres server) throws InterruptedException {
    Await.until(
        "the server runs",
        () -> {
          server.start();
          return true;
        });
  }

  private static void thaw(CommandProcess command) {
    try {
      command.thaw();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The live database dies for good, as it seems, and the operator bears the loss in so many
  /// words, when the status asks for them.
  private void loseTheLiveSide() throws Exception {
    if (!watching()) {
      return;
    }
    Colour live = live();
    tell("! the live database, " + live + ", is lost");
    faults++;
    kill(rig.site.server(live));
    RandomMoment.pass(random, 3000);
    JsonNode seen = status();
    String words = seen.path("levers").path("roll-back").path("wordsToType").asString("");
    tell("  rollback asks for '" + words + "'");
    if (!words.isEmpty()) {
      CommandProcess rollback = begin(List.of("release", "rollback", "--acknowledge", words));
      if (random.nextInt(3) == 0) {
        RandomMoment.pass(random, 5000);
        rollback.kill();
        tell("! CONSOLE_KILLED");
      }
      finish(rollback);
    }
    if (!words.isEmpty() && (driver == null || !driver.running())) {
      // The side that comes back is closed by whoever drives then.
      drive();
    }
    mend();
    bearsLoss = !words.isEmpty();
    settle();
    bearsLoss = false;
    tell("  given up in so many words: " + givenUp.size() + " transfers");
    check();
  }

  // ---- what must hold -------------------------------------------------------------------------

  /// What an operator does by the runbooks until nothing is under way and nothing holds.
  private void settle() throws Exception {
    for (int attempt = 0; ; attempt++) {
      ReleaseView release = release();
      if (release == null || quiet(release.status())) {
        break;
      }
      tell("  " + release.status());
      waysOut++;
      if (attempt < 3) {
        finish(begin(List.of("release", "resume", "--no-watch")));
      } else if (attempt < 5) {
        finish(begin(List.of("release", "rollback")));
      } else if (attempt < 7) {
        finish(begin(List.of("release", "give-up", "--confirm", rig.environment().name())));
      } else {
        fail("no command leads out of " + release);
      }
    }
    check();
  }

  private static boolean quiet(ReleaseView.Status status) {
    return switch (status) {
      case ReleaseView.Status.Ready _, ReleaseView.Status.Watching _ -> true;
      case ReleaseView.Status.Completed _, ReleaseView.Status.GivenUp _ -> true;
      case ReleaseView.Status.Holding _, ReleaseView.Status.Running _ -> false;
      case ReleaseView.Status.Moving _, ReleaseView.Status.CleaningUp _ -> false;
      case ReleaseView.Status.GivingUp _ -> false;
    };
  }

  private void end() throws Exception {
    for (int attempt = 0; attempt < 6; attempt++) {
      if (!active()) {
        return;
      }
      boolean over = watching();
      String name = rig.environment().name();
      operate(
          over
              ? List.of("release", "cleanup", "--confirm", name)
              : List.of("release", "give-up", "--confirm", name),
          attempt > 2 ? 0 : random.nextInt(3000));
    }
    fail("the release does not end: " + release());
  }

  private void check() throws Exception {
    Await.until(
        "one database takes writes, with traffic on it, and nothing is lost",
        QUIET,
        () -> {
          try {
            whole();
            return true;
          } catch (AssertionError e) {
            // Not yet so; the last one is told when it never becomes so.
            throw new IllegalStateException(e);
          }
        });
  }

  private void whole() throws Exception {
    Colour live = live();
    assertThat(rig.router().route()).as("route").isEqualTo(live);
    assertThat(rig.router().holding()).as("requests are held").isFalse();
    assertThat(rig.transfer()).as("a write is acknowledged").isTrue();
    Reconciliation.Report report = rig.report(live);
    if (bearsLoss) {
      givenUp.addAll(report.lost());
    }
    assertThat(report.lost()).as("lost on " + live).isSubsetOf(givenUp);
    assertThat(report.duplicated()).as("duplicated").isEmpty();
    assertThat(report.altered()).as("altered").isEmpty();
    assertThat(report.halfApplied()).as("half applied").isEmpty();
    tell("  one database, " + live + ", takes writes, with traffic on it; nothing lost");
  }

  private Colour live() throws Exception {
    List<Colour> open = new ArrayList<>();
    for (Colour colour : Colour.values()) {
      if (rig.writes(colour)) {
        open.add(colour);
      }
    }
    assertThat(open).as("databases that take writes").hasSize(1);
    return open.getFirst();
  }

  @Override
  public String toString() {
    return "seed " + seed + "\n" + String.join("\n", told);
  }
}
