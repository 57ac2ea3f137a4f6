package dev.signalbox.ui;

import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.ui.fx.Theme;
import dev.signalbox.ui.fx.WindowMemory;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/// What a large fleet costs the window: 20 states a second, a new look at the cluster each second
/// with every client changed. For the Board without and with the fleet, and for the Strategy screen
/// by name and by what changes: the share of a core of the JavaFX thread and of the renderer, how
/// long a frame took, how long something that was given to the JavaFX thread had to wait, and
/// memory. `FleetCost [CLIENTS]`, about a minute, then it ends by itself.
public final class FleetCost {
  private static final int SETTLE_SECONDS = 4;
  private static final int SECONDS = 10;
  private static final int PER_SECOND = 20;

  private final PrintWriter out;
  private final StrategyView[] looks = new StrategyView[SETTLE_SECONDS + SECONDS];
  private long version;

  private FleetCost(PrintWriter out, int clients) {
    this.out = out;
    for (int i = 0; i < looks.length; i++) {
      looks[i] = StrategySamples.fleet(clients, i);
    }
  }

  public static void main(String[] arguments) throws Exception {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    int clients = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    FleetCost cost = new FleetCost(out, clients);
    cost.measure("Board, no fleet", "board", false, null);
    cost.measure("Board, " + clients + " clients", "board", true, null);
    cost.measure("Strategy, no fleet", "strategy", false, null);
    cost.measure("Strategy, by name", "strategy", true, null);
    cost.measure("Strategy, by oldest pinned", "strategy", true, "column-pinned");
    Platform.exit();
  }

  private void measure(String what, String screen, boolean fleet, @Nullable String sortedBy)
      throws Exception {
    Path folder = Files.createTempDirectory("fleet-cost");
    WindowMemory memory = new WindowMemory(folder.resolve("window.properties"));
    memory.write(new WindowMemory.State(0, 0, 1440, 900, Theme.DARK, screen, Map.of()));
    StrategyView small = StrategySamples.steady();
    SampleEngine engine = new SampleEngine(state(fleet ? looks[0] : small));
    SignalboxWindow window =
        SignalboxWindow.open(engine, new WindowOptions(memory, ZoneOffset.UTC, () -> {}));
    try {
      if (sortedBy != null) {
        sort(sortedBy);
      }
      Frames frames = new Frames();
      Waits waits = new Waits();
      Cpu cpu = null;
      long begin = System.nanoTime();
      StrategyView look = small;
      for (int tick = 0; tick < looks.length * PER_SECOND; tick++) {
        if (tick % PER_SECOND == 0) {
          // A new look at the cluster is a new object once a second, as the engine publishes it.
          look = StrategySamples.at(fleet ? looks[tick / PER_SECOND] : small, Instant.now());
        }
        if (tick == SETTLE_SECONDS * PER_SECOND) {
          Platform.runLater(frames::start);
          waits.start();
          cpu = new Cpu();
        }
        engine.publish(state(look));
        long due = begin + (tick + 1) * TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
        LockSupport.parkNanos(due - System.nanoTime());
      }
      waits.stop();
      String used = cpu == null ? "" : cpu.toString();
      Platform.runLater(frames::stop);
      System.gc();
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
      out.printf("%-28s %s; %s; %s; heap %d MB%n", what, used, frames, waits, heap);
    } finally {
      window.close();
      window.awaitClosed();
      Files.deleteIfExists(folder.resolve("window.properties"));
      Files.delete(folder);
    }
  }

  private EngineSnapshot state(StrategyView view) {
    return Samples.at(Samples.with(Samples.ready(), view), Instant.now(), ++version, 0);
  }

  private static void sort(String column) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Platform.runLater(() -> {
      Scene scene = Window.getWindows().getFirst().getScene();
      TableView<?> table = (TableView<?>) scene.lookup("#fleet");
      sort(table, column);
      done.complete(null);
    });
    done.join();
  }

  private static <T> void sort(TableView<T> table, String id) {
    for (TableColumn<T, ?> column : table.getColumns()) {
      if (id.equals(column.getId())) {
        table.getSortOrder().setAll(List.of(column));
      }
    }
  }

  private static String spread(String what, long[] nanos, int count) {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return count == 0
        ? what + " –"
        : String.format(
            Locale.ROOT,
            "%s median %.1f, 99 %% %.1f, most %.1f ms",
            what,
            sorted[count / 2] / 1e6,
            sorted[count * 99 / 100] / 1e6,
            sorted[count - 1] / 1e6);
  }

  /// The time from one frame to the next.
  private static final class Frames extends AnimationTimer {
    private final long[] gaps = new long[100_000];
    private int count;
    private long last;

    @Override
    public void handle(long now) {
      long at = System.nanoTime();
      if (last != 0 && count < gaps.length) {
        gaps[count++] = at - last;
      }
      last = at;
    }

    @Override
    public String toString() {
      return spread("frames", gaps, count);
    }
  }

  /// How long the JavaFX thread lets something wait, asked every few milliseconds.
  private static final class Waits {
    private final long[] waits = new long[100_000];
    private int count;
    private volatile boolean going = true;
    private @Nullable Thread asking;

    void start() {
      asking =
          Thread.ofPlatform()
              .name("asks the window")
              .start(() -> {
                while (going && count < waits.length) {
                  long asked = System.nanoTime();
                  CompletableFuture<Void> answer = new CompletableFuture<>();
                  Platform.runLater(() -> answer.complete(null));
                  answer.join();
                  waits[count] = System.nanoTime() - asked;
                  count++;
                  LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(4));
                }
              });
    }

    void stop() throws InterruptedException {
      going = false;
      if (asking != null) {
        asking.join();
      }
    }

    @Override
    public String toString() {
      return spread("waits", waits, count);
    }
  }

  /// What the two threads of the window used since.
  private static final class Cpu {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final long began = System.nanoTime();
    private final long screen = used("JavaFX Application Thread");
    private final long renderer = used("QuantumRenderer-0");

    private long used(String name) {
      for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
        if (info != null && info.getThreadName().equals(name)) {
          return threads.getThreadCpuTime(info.getThreadId());
        }
      }
      throw new IllegalStateException("no thread " + name);
    }

    @Override
    public String toString() {
      double wall = System.nanoTime() - began;
      return String.format(
          Locale.ROOT,
          "JavaFX thread %.1f %%, renderer %.1f %% of a core",
          (used("JavaFX Application Thread") - screen) / wall * 100,
          (used("QuantumRenderer-0") - renderer) / wall * 100);
    }
  }
}
