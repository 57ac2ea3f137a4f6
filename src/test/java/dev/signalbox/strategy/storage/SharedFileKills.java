package dev.signalbox.strategy.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.strategy.StoredStrategy;
import dev.signalbox.support.Await;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Two processes share the file with this one; one of the two, or both, are killed at a random
/// moment and replaced, again and again. After each death the file must be readable and hold every
/// change that was acknowledged.
///
/// As a program: `SharedFileKills <kills> [seed]`.
final class SharedFileKills implements AutoCloseable {
  /// @param unacknowledged changes that a killed process had made and not told any more
  /// @param torn deaths that left a half-made file beside the shared one
  record Figures(int kills, long changes, long unacknowledged, int torn) {}

  private record Child(Process process, Path acknowledged) {
    long count() throws IOException {
      return Files.exists(acknowledged)
          ? new String(Files.readAllBytes(acknowledged), StandardCharsets.US_ASCII)
              .chars()
              .filter(c -> c == '\n')
              .count()
          : 0;
    }
  }

  private final Path folder;
  private final Path file;
  private final Random random;
  private final FileStrategyStorage mine;
  private final List<Child> alive = new ArrayList<>();
  private long mineCount;
  private long deadCount;
  private int started;

  SharedFileKills(Path folder, long seed) {
    this.folder = folder;
    this.file = folder.resolve("shared").resolve("strategies");
    this.random = new Random(seed);
    this.mine = SharedFileChild.open(file);
  }

  Figures run(int kills) throws Exception {
    long version = 0;
    int torn = 0;
    int kill = 0;
    while (kill < kills) {
      while (alive.size() < 2) {
        alive.add(start());
      }
      Child victim = alive.get(random.nextInt(alive.size()));
      long at = victim.count() + 1 + random.nextInt(5);
      Await.until("a child changes the file", () -> victim.count() >= at);
      long spin = System.nanoTime() + random.nextInt(2_000_000);
      while (System.nanoTime() < spin) {
        Thread.onSpinWait();
      }
      List<Child> victims = random.nextInt(3) == 0 ? List.copyOf(alive) : List.of(victim);
      victims.forEach(child -> child.process.destroyForcibly());
      for (Child child : victims) {
        child.process.onExit().join();
        alive.remove(child);
        deadCount += child.count();
        Files.deleteIfExists(child.acknowledged);
        kill++;
      }
      // Nobody is left who could have tidied it up, or be writing it now.
      torn += alive.isEmpty() && Files.exists(file.resolveSibling("strategies.next")) ? 1 : 0;

      long atLeast = changes();
      StoredStrategy read = readAnew();
      assertThat(read.version()).as("after kill %d", kill).isGreaterThanOrEqualTo(atLeast);
      assertThat(read.version()).as("versions rise").isGreaterThan(version);
      long mineNow = mine.update(SharedFileChild.KEY, SharedFileChild::toggled).version();
      mineCount++;
      assertThat(mineNow).as("versions rise").isGreaterThan(read.version());
      assertThat(mineNow)
          .as("no change is counted twice")
          .isLessThanOrEqualTo(changes() + kill + alive.size());
      version = mineNow;
    }
    while (!alive.isEmpty()) {
      Child child = alive.removeLast();
      child.process.destroyForcibly().onExit().join();
      deadCount += child.count();
    }
    long last = readAnew().version();
    return new Figures(kill, last, last - changes(), torn);
  }

  /// All that were acknowledged.
  private long changes() throws IOException {
    long sum = mineCount + deadCount;
    for (Child child : alive) {
      sum += child.count();
    }
    return sum;
  }

  /// As a process that starts now reads it.
  private StoredStrategy readAnew() throws IOException {
    assertThat(StrategyText.decode(Files.readAllBytes(file), InstantSource.system().millis()))
        .isInstanceOf(StrategyText.Good.class);
    return SharedFileChild.open(file).read(SharedFileChild.KEY);
  }

  private Child start() throws IOException {
    Path acknowledged = folder.resolve("acknowledged-" + started++);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx32m",
                "-cp",
                classPath(),
                SharedFileChild.class.getName(),
                file.toString(),
                acknowledged.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    return new Child(process, acknowledged);
  }

  /// The classes of the project and the log front alone: a child starts in a fraction of a second.
  private static String classPath() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> parts = new ArrayList<>();
    for (String part : all.split(File.pathSeparator, -1)) {
      if (Files.isDirectory(Path.of(part))
          || Path.of(part).getFileName().toString().startsWith("slf4j-api")) {
        parts.add(part);
      }
    }
    return String.join(File.pathSeparator, parts);
  }

  @Override
  public void close() {
    alive.forEach(child -> child.process.destroyForcibly());
  }

  public static void main(String[] args) throws Exception {
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
    Path folder = Files.createTempDirectory("shared-file-kills");
    System.out.println("seed " + seed + ", in " + folder);
    long begin = System.nanoTime();
    try (SharedFileKills kills = new SharedFileKills(folder, seed)) {
      System.out.println(kills.run(Integer.parseInt(args[0])));
    }
    System.out.println((System.nanoTime() - begin) / 1_000_000_000 + " s");
  }
}
