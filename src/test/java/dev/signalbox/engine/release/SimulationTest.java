package dev.signalbox.engine.release;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Runs the conductor under faults drawn from seeds. `-Dsignalbox.seed=N` repeats one seed;
/// `-Dsignalbox.seeds=N` says how many are run.
class SimulationTest {
  private static final Logger LOG =
      (Logger) LoggerFactory.getLogger("dev.signalbox.engine.release");

  /// A failing run is made smaller no longer than this.
  private static final Duration SHRINKING = Duration.ofSeconds(20);

  @BeforeAll
  static void silence() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speak() {
    LOG.setLevel(null);
  }

  private static @Nullable String failure(
      long seed, SimFaults.Coverage coverage, Set<Integer> left, SimRun.Mutant mutant) {
    AtomicReference<@Nullable String> failure = new AtomicReference<>();
    // Virtual threads hand the turn to each other at little cost.
    onVirtualThread(() -> {
      try (SimRun run = new SimRun(seed, coverage, left, mutant)) {
        run.run();
      } catch (AssertionError e) {
        failure.set(e.getMessage() + (e.getCause() == null ? "" : " " + e.getCause()));
      }
    });
    return failure.get();
  }

  private static void onVirtualThread(Runnable work) {
    try {
      Thread.ofVirtual().start(work).join();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /// Leaves out as many faults and commands as it can without the failure going away.
  private static String shrunk(long seed, SimRun.Mutant mutant) {
    SimFaults.Coverage none = new SimFaults.Coverage();
    Set<Integer> left = new TreeSet<>();
    long end = System.nanoTime() + SHRINKING.toNanos();
    for (int share = 2; share <= 256 && System.nanoTime() < end; ) {
      List<Integer> struck;
      try (SimRun run = new SimRun(seed, none, left, mutant)) {
        run.tried();
        struck = List.copyOf(run.struck().keySet());
      }
      int size = Math.max(1, struck.size() / share);
      boolean smaller = false;
      for (int at = 0; at < struck.size() && System.nanoTime() < end; at += size) {
        Set<Integer> more = new TreeSet<>(left);
        more.addAll(struck.subList(at, Math.min(struck.size(), at + size)));
        if (failure(seed, none, more, mutant) != null) {
          left = more;
          smaller = true;
          break;
        }
      }
      if (!smaller) {
        if (size == 1) {
          break;
        }
        share *= 2;
      }
    }
    StringBuilder text = new StringBuilder();
    try (SimRun run = new SimRun(seed, none, left, mutant)) {
      try {
        run.run();
      } catch (AssertionError e) {
        text.append("seed ").append(seed).append(": ").append(e.getMessage()).append('\n');
        if (e.getCause() != null) {
          java.io.StringWriter trace = new java.io.StringWriter();
          e.getCause().printStackTrace(new java.io.PrintWriter(trace));
          text.append(trace);
        }
      }
      text.append("with ").append(run.struck()).append('\n');
      run.journal()
          .forEach(e ->
              text.append(e.sequence())
                  .append(' ')
                  .append(e.at())
                  .append(' ')
                  .append(e.epoch())
                  .append(' ')
                  .append(e.kind())
                  .append(' ')
                  .append(e.step())
                  .append(' ')
                  .append(e.text())
                  .append('\n'));
      run.told().forEach(line -> text.append(line).append('\n'));
      text.append(run);
    }
    return text.toString();
  }

  @Test
  void whateverGoesWrongTheReleaseStaysWhole() {
    Long one = Long.getLong("signalbox.seed");
    long seeds = Long.getLong("signalbox.seeds", 20_000);
    SimFaults.Coverage coverage = new SimFaults.Coverage();
    AtomicReference<@Nullable Long> failed = new AtomicReference<>();
    LongStream all = one == null ? LongStream.range(0, seeds) : LongStream.of(one);
    all.parallel()
        .filter(seed -> failed.get() == null)
        .filter(seed -> failure(seed, coverage, Set.of(), SimRun.Mutant.NONE) != null)
        .forEach(failed::set);
    Long seed = failed.get();
    if (seed != null) {
      throw new AssertionError(shrunk(seed, SimRun.Mutant.NONE));
    }
    coverage.hits().forEach((what, times) -> System.out.println(times + " × " + what));
    assertThat(coverage.hits()).isNotEmpty();
  }
}
