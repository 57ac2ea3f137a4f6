package dev.signalbox.strategy.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.StoredStrategy;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.StrategyEvent;
import dev.signalbox.support.Await;
import dev.signalbox.support.ManualClock;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileStrategyStorageTest {
  private static final ClusterKey KEY = new ClusterKey("planner:443", "sales");
  private static final Duration TTL = Duration.ofMinutes(5);

  private final ManualClock clock = new ManualClock();
  private final List<StrategyEvent> events = new CopyOnWriteArrayList<>();

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("state").resolve("strategies");
  }

  /// As another process sees it: nothing is shared but the file.
  private FileStrategyStorage open(Disk disk) {
    return new FileStrategyStorage(
        new StrategyFile(file, disk),
        new Freshness(TTL, clock),
        (_, event) -> events.add(event),
        Duration.ofMillis(50),
        Duration.ofMillis(20).toNanos());
  }

  private FileStrategyStorage open() {
    return open(new RealDisk());
  }

  private UnaryOperator<StoredStrategy> active(Strategy strategy) {
    return _ -> new StoredStrategy(strategy, null, clock.millis(), 0);
  }

  private static void awaitActive(FileStrategyStorage storage, Strategy strategy)
      throws InterruptedException {
    Await.until(strategy + " is seen", () -> storage.read(KEY).active() == strategy);
  }

  @Test
  void sharesWhatOneChangedAndCountsTheVersion() throws Exception {
    FileStrategyStorage one = open();
    FileStrategyStorage other = open();
    assertThat(other.read(KEY)).isEqualTo(StoredStrategy.NONE);
    StoredStrategy blue = one.update(KEY, active(Strategy.BLUE));
    assertThat(blue.version()).isEqualTo(1);
    awaitActive(other, Strategy.BLUE);
    StoredStrategy announced =
        other.update(
            KEY, s -> new StoredStrategy(s.active(), Strategy.GREEN, s.detectedAt(), s.version()));
    assertThat(announced)
        .isEqualTo(new StoredStrategy(Strategy.BLUE, Strategy.GREEN, clock.millis(), 2));
    Await.until("the first sees it", () -> one.read(KEY).equals(announced));
    assertThat(one.update(KEY, s -> s)).as("no change").isEqualTo(announced);
    assertThat(open().read(KEY)).isEqualTo(announced);
  }

  @Test
  void isForThisUserAloneAndLeavesNothingBehind() throws IOException {
    open().update(KEY, active(Strategy.BLUE));
    try (var files = Files.list(file.getParent())) {
      assertThat(files)
          .extracting(path -> path.getFileName() + " " + permissions(path))
          .containsExactlyInAnyOrder("strategies rw-------", "strategies.lock rw-------");
    }
    assertThat(permissions(file.resolveSibling(".").normalize())).isEqualTo("rwx------");
  }

  private static String permissions(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void forgetsAfterTheTtlAndWhenTheClockWentBack() {
    FileStrategyStorage storage = open();
    storage.update(KEY, active(Strategy.BLUE));
    clock.pass(TTL.minusMillis(1));
    assertThat(storage.read(KEY).active()).isEqualTo(Strategy.BLUE);
    clock.pass(Duration.ofMillis(1));
    assertThat(storage.read(KEY)).isEqualTo(StoredStrategy.NONE);
    assertThat(storage.update(KEY, active(Strategy.GREEN)).version()).isEqualTo(2);
    clock.pass(Duration.ofSeconds(-5));
    assertThat(storage.read(KEY).active()).as("within the tolerance").isEqualTo(Strategy.GREEN);
    clock.pass(Duration.ofHours(-1));
    assertThat(storage.read(KEY)).isEqualTo(StoredStrategy.NONE);
    assertThat(open().read(KEY)).isEqualTo(StoredStrategy.NONE);
    assertThat(events)
        .singleElement()
        .satisfies(e -> assertThat(e.toString()).contains("the clock went back"));
  }

  @Test
  void survivesTruncationAtEveryByte() throws IOException {
    FileStrategyStorage storage = open();
    storage.update(new ClusterKey("other:1", ""), active(Strategy.GREEN));
    storage.update(KEY, active(Strategy.BLUE));
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      assertThat(StrategyText.decode(Arrays.copyOf(whole, length), clock.millis()))
          .as("cut at %d", length)
          .isInstanceOf(StrategyText.Damaged.class);
    }
    for (int length = 0; length < whole.length; length += 23) {
      Files.write(file, Arrays.copyOf(whole, length));
      FileStrategyStorage fresh = open();
      assertThat(fresh.read(KEY)).as("cut at %d", length).isEqualTo(StoredStrategy.NONE);
      StoredStrategy known = storage.update(KEY, active(Strategy.BLUE));
      assertThat(known.active()).isEqualTo(Strategy.BLUE);
      storage.update(KEY, active(Strategy.GREEN));
      assertThat(open().read(KEY).active()).as("cut at %d", length).isEqualTo(Strategy.GREEN);
      storage.update(KEY, active(Strategy.BLUE));
    }
  }

  @Test
  void findsEveryChangedByteAndKeepsTheDamagedFileBeside() throws IOException {
    FileStrategyStorage storage = open();
    storage.update(KEY, active(Strategy.BLUE));
    byte[] whole = Files.readAllBytes(file);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      byte[] changed = whole.clone();
      int at = random.nextInt(whole.length);
      changed[at] ^= (byte) (1 + random.nextInt(255));
      StrategyText.Content content = StrategyText.decode(changed, clock.millis());
      assertThat(content)
          .as("seed %d, byte %d of %s", seed, at, new String(changed, UTF_8))
          .isNotInstanceOf(StrategyText.Good.class);
    }
    byte[] garbage = new byte[5_000];
    random.nextBytes(garbage);
    Files.write(file, garbage);
    StoredStrategy after = storage.update(KEY, active(Strategy.GREEN));
    assertThat(after.version()).as("rises still").isEqualTo(2);
    assertThat(open().read(KEY)).isEqualTo(after);
    assertThat(Files.readAllBytes(folder.resolve("state/strategies.damaged"))).isEqualTo(garbage);
  }

  @Test
  void leavesTheFileOfALaterVersionAlone() throws Exception {
    Files.createDirectories(file.getParent());
    String later = "signalbox-strategy 2 {\"anything\": true}\n";
    Files.writeString(file, later);
    FileStrategyStorage storage = open();
    assertThat(storage.read(KEY)).isEqualTo(StoredStrategy.NONE);
    storage.update(KEY, active(Strategy.BLUE));
    storage.update(KEY, active(Strategy.GREEN));
    assertThat(storage.read(KEY).active()).as("in memory").isEqualTo(Strategy.GREEN);
    assertThat(Files.readString(file)).isEqualTo(later);
    Files.delete(file);
    Await.until(
        "it is shared when the later version is gone",
        () -> storage.read(KEY) != null && open().read(KEY).active() == Strategy.GREEN);
  }

  @Test
  void goesOnInMemoryWhileTheDiskIsFullAndRecovers() throws Exception {
    DyingDisk disk = new DyingDisk();
    FileStrategyStorage storage = open(disk);
    storage.update(KEY, active(Strategy.BLUE));
    disk.bytesLeft(10);
    StoredStrategy green = storage.update(KEY, active(Strategy.GREEN));
    assertThat(green.version()).isEqualTo(2);
    assertThat(storage.read(KEY)).isEqualTo(green);
    assertThat(open().read(KEY).active()).isEqualTo(Strategy.BLUE);
    disk.bytesLeft(Integer.MAX_VALUE);
    Await.until(
        "it is shared again",
        () -> storage.read(KEY).equals(green) && open().read(KEY).equals(green));
  }

  @Test
  void seesTheOthersWhileItsFolderIsReadOnlyAndLaterBelievesTheNewest() throws Exception {
    DyingDisk disk = new DyingDisk();
    FileStrategyStorage poor = open(disk);
    FileStrategyStorage rich = open();
    poor.update(KEY, active(Strategy.BLUE));
    disk.readOnly(true);
    poor.update(KEY, active(Strategy.GREEN));
    assertThat(rich.read(KEY).active()).isEqualTo(Strategy.BLUE);
    clock.pass(Duration.ofSeconds(1));
    ClusterKey another = new ClusterKey("another:1", "");
    rich.update(another, active(Strategy.GREEN));
    Await.until("others are seen", () -> poor.read(another).active() == Strategy.GREEN);
    assertThat(poor.read(KEY).active()).as("its own").isEqualTo(Strategy.GREEN);
    rich.update(KEY, active(Strategy.BLUE));
    awaitActive(poor, Strategy.BLUE);
    disk.readOnly(false);
    long version = rich.read(KEY).version();
    assertThat(poor.update(KEY, s -> s).active()).isEqualTo(Strategy.BLUE);
    assertThat(poor.update(KEY, active(Strategy.GREEN)).version()).isGreaterThan(version);
    awaitActive(rich, Strategy.GREEN);
  }

  @Test
  void waitsBoundedlyForALockThatHangs() throws Exception {
    FileStrategyStorage storage = open();
    storage.update(KEY, active(Strategy.BLUE));
    Closeable hung = new RealDisk().tryLock(file.resolveSibling("strategies.lock"));
    Objects.requireNonNull(hung);
    StoredStrategy green = storage.update(KEY, active(Strategy.GREEN));
    assertThat(green.active()).isEqualTo(Strategy.GREEN);
    assertThat(storage.read(KEY)).isEqualTo(green);
    assertThat(open().read(KEY).active()).isEqualTo(Strategy.BLUE);
    hung.close();
    Await.until(
        "it is shared again",
        () -> storage.read(KEY).equals(green) && open().read(KEY).equals(green));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".lock", ".next", ".damaged"})
  void followsNoSymbolicLink(String ending) throws IOException {
    Files.createDirectories(file.getParent());
    Path precious = Files.writeString(folder.resolve("precious"), "precious");
    if (ending.equals(".damaged")) {
      Files.writeString(file, "garbage");
    }
    Files.createSymbolicLink(file.resolveSibling("strategies" + ending), precious);
    FileStrategyStorage storage = open();
    storage.update(KEY, active(Strategy.BLUE));
    assertThat(storage.read(KEY).active()).isEqualTo(Strategy.BLUE);
    assertThat(precious).hasContent("precious");
  }

  @Test
  void goesOnWhenItsFolderIsNone() throws Exception {
    Path folderOfTheFile = file.getParent();
    Files.writeString(folderOfTheFile, "a file where the folder should be");
    FileStrategyStorage storage = open();
    StoredStrategy blue = storage.update(KEY, active(Strategy.BLUE));
    assertThat(storage.read(KEY)).isEqualTo(blue);
    Files.delete(folderOfTheFile);
    Await.until(
        "it is shared when it can be",
        () -> storage.read(KEY).equals(blue) && open().read(KEY).equals(blue));
  }

  @Test
  void anInterruptedThreadChangesTheFileAndStaysInterrupted() {
    FileStrategyStorage storage = open();
    Thread.currentThread().interrupt();
    storage.update(KEY, active(Strategy.BLUE));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(open().read(KEY).active()).isEqualTo(Strategy.BLUE);
  }

  @Test
  void keepsTheHundredThatChangedLastAndNeverGivesAVersionTwice() {
    FileStrategyStorage storage = open();
    long highest = 0;
    for (int i = 0; i < 130; i++) {
      highest = storage.update(new ClusterKey("c" + i + ":1", ""), active(Strategy.BLUE)).version();
    }
    FileStrategyStorage other = open();
    assertThat(other.read(new ClusterKey("c29:1", ""))).isEqualTo(StoredStrategy.NONE);
    assertThat(other.read(new ClusterKey("c30:1", "")).active()).isEqualTo(Strategy.BLUE);
    assertThat(other.update(new ClusterKey("c0:1", ""), active(Strategy.GREEN)).version())
        .isEqualTo(highest + 1);
  }

  @Test
  void anyNamesAndStatesComeBackAsTheyWere() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      Remembered any = Remembered.NOTHING;
      for (int k = random.nextInt(5); k >= 0; k--) {
        Strategy colour = random.nextBoolean() ? Strategy.BLUE : Strategy.GREEN;
        Strategy active = random.nextInt(4) == 0 ? null : colour;
        Strategy pending = active == null || random.nextBoolean() ? null : active.other();
        long at = active == null ? 0 : clock.millis() - random.nextInt(1_000_000);
        any =
            any.with(
                new ClusterKey("x" + text(random), text(random)),
                new StoredStrategy(active, pending, at, random.nextInt(1, 1_000_000)));
      }
      assertThat(StrategyText.decode(StrategyText.encode(any), clock.millis()))
          .as("seed %d", seed)
          .isEqualTo(new StrategyText.Good(any, Map.of()));
    }
  }

  private static String text(Random random) {
    String signs = "a:/ \t\n%+&=\u00e9\u4e16'\"-\\\r";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      text.append(signs.charAt(random.nextInt(signs.length())));
    }
    return text.toString();
  }

  @Test
  void threadsLoseNoUpdate() throws Exception {
    FileStrategyStorage one = open();
    FileStrategyStorage other = open();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      FileStrategyStorage storage = t % 2 == 0 ? one : other;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < 50; i++) {
                  storage.update(KEY, SharedFileChild::toggled);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(StrategyText.decode(Files.readAllBytes(file), System.currentTimeMillis()))
        .isInstanceOfSatisfying(
            StrategyText.Good.class,
            good -> assertThat(good.remembered().get(KEY).version()).isEqualTo(200));
  }
}
