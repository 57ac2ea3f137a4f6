package dev.signalbox.engine.release.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.release.conductor.SimFaults.Fault;
import dev.signalbox.support.Thorough;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.LoggerFactory;

/// Runs the conductor under faults drawn from seeds. `-Dsignalbox.seed=N` repeats one seed;
/// `-Dsignalbox.seeds=N` says how many are run, otherwise [Thorough]: enough for each fault to
/// strike at each place.
class SimulationTest {
  private static final Logger LOG =
      (Logger) LoggerFactory.getLogger("dev.signalbox.engine.release");

  private static final CutoverModel MODEL = model();

  /// A failing run is made smaller no longer than this.
  private static final Duration SHRINKING = Duration.ofSeconds(20);

  /// A mutant must be found by so many.
  private static final long MOST_SEEDS = 3_000;

  @BeforeAll
  static void silence() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speak() {
    LOG.setLevel(null);
  }

  private static CutoverModel model() {
    try {
      return CutoverModel.read().only(Set.of("database", "application"));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static @Nullable String failure(
      long seed, SimFaults.Coverage coverage, Set<Integer> left, SimMutant mutant) {
    AtomicReference<@Nullable String> failure = new AtomicReference<>();
    // Virtual threads hand the turn to each other at little cost.
    onVirtualThread(() -> {
      try (SimRun run = new SimRun(seed, coverage, left, mutant, MODEL)) {
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
  private static String shrunk(long seed, SimMutant mutant) {
    SimFaults.Coverage none = new SimFaults.Coverage();
    Set<Integer> left = new TreeSet<>();
    long end = System.nanoTime() + SHRINKING.toNanos();
    for (int share = 2; share <= 256 && System.nanoTime() < end; ) {
      List<Integer> struck;
      try (SimRun run = new SimRun(seed, none, left, mutant, MODEL)) {
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
    try (SimRun run = new SimRun(seed, none, left, mutant, MODEL)) {
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
    long seeds = Long.getLong("signalbox.seeds", Thorough.all(20_000L, 5_000L));
    SimFaults.Coverage coverage = new SimFaults.Coverage();
    AtomicReference<@Nullable Long> failed = new AtomicReference<>();
    LongStream all = one == null ? LongStream.range(0, seeds) : LongStream.of(one);
    all.parallel()
        .filter(seed -> failed.get() == null)
        .filter(seed -> failure(seed, coverage, Set.of(), SimMutant.NONE) != null)
        .forEach(failed::set);
    Long seed = failed.get();
    if (seed != null) {
      throw new AssertionError(shrunk(seed, SimMutant.NONE));
    }
    coverage.hits().forEach((what, times) -> System.out.println(times + " × " + what));
    if (one == null) {
      // Otherwise nothing is said about what never happened.
      assertThat(coverage.hits().keySet()).containsAll(everyPair());
    }
  }

  /// Every fault at every place where it can strike. A journal entry is a place when it can be the
  /// first of a batch; what proves a move and what cleans up has nothing to undo.
  private static Set<String> everyPair() {
    Set<String> pairs = new TreeSet<>();
    List<String> work = List.of("initialize", "carry", "copy", "arm");
    List<String> both =
        Stream.concat(
                work.stream().map(verb -> "database." + verb),
                Stream.of(
                    "database.announce",
                    "application.announce",
                    "application.hold",
                    "database.fence",
                    "database.catch-up",
                    "database.switch",
                    "application.route"))
            .toList();
    for (Fault fault : EnumSet.complementOf(EnumSet.of(Fault.COMMITS_LATE))) {
      both.forEach(step -> pairs.add(fault + " at run " + step));
      both.forEach(step -> pairs.add(fault + " at undo " + step));
      Stream.of("database.remove", "database.verify", "application.verify")
          .forEach(step -> pairs.add(fault + " at run " + step));
    }
    for (Fault fault : List.of(Fault.FAILS, Fault.HANGS)) {
      Stream.concat(work.stream(), Stream.of("remove", "switch"))
          .forEach(verb -> pairs.add(fault + " at look at database." + verb));
    }
    for (Fault fault :
        List.of(Fault.FAILS, Fault.ANSWER_LOST, Fault.HANGS, Fault.DIES_BEFORE, Fault.DIES_AFTER)) {
      Stream.of(
              Kind.RELEASE_STARTED,
              Kind.COMMAND,
              Kind.LEASE_TAKEN,
              Kind.PHASE_STARTED,
              Kind.PHASE_DONE,
              Kind.STEP_INTENT,
              Kind.STEP_DONE,
              Kind.STEP_FAILED,
              Kind.UNDO_INTENT,
              Kind.UNDO_DONE,
              Kind.UNDO_FAILED,
              Kind.MOVE_STARTED,
              Kind.MOVE_DONE,
              Kind.HOLDING,
              Kind.GIVE_UP_STARTED,
              Kind.NOTE,
              Kind.RELEASE_ENDED)
          .forEach(kind -> pairs.add(fault + " at journal " + kind));
    }
    pairs.add("FAILS at journal read");
    pairs.add("FAILS at lease acquire");
    pairs.add("ANSWER_LOST at lease acquire");
    pairs.add("FAILS at lease renew");
    pairs.add("HANGS at lease renew");
    pairs.add("HANGS at journal read");
    pairs.add("COMMITS_LATE at COMMIT of an opening");
    pairs.add("COMMITS_LATE at COMMIT of a closing");
    pairs.add("DIES_BEFORE at between the two commits");
    return pairs;
  }

  /// A simulation that finds no fault may be one that cannot.
  @TestFactory
  Stream<DynamicTest> everyFaultThatIsPutBackIsFound() {
    return SimMutants.all().stream()
        .map(mutant ->
            DynamicTest.dynamicTest(
                mutant.name(),
                () -> {
                  SimFaults.Coverage none = new SimFaults.Coverage();
                  for (long seed = 0; seed < MOST_SEEDS; seed++) {
                    String failure = failure(seed, none, Set.of(), mutant);
                    if (failure != null) {
                      System.out.println(
                          mutant.name() + ": found by seed " + seed + ": " + failure);
                      return;
                    }
                  }
                  fail("not found by " + MOST_SEEDS + " seeds");
                }));
  }
}
