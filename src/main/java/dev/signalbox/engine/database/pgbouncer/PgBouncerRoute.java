package dev.signalbox.engine.database.pgbouncer;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.route.RouteSight;
import dev.signalbox.engine.database.route.SideAddress;
import dev.signalbox.engine.database.route.SwitchedRoute;
import dev.signalbox.engine.environment.DatabaseSettings.PgBouncer;
import dev.signalbox.engine.postgres.Identity;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All PgBouncers in front of a database, switched together: PAUSE on all at once; a new ini file
/// in the place of each; RELOAD until `SHOW DATABASES` shows the new side; RESUME.
///
/// PAUSE has no limit of its own and is not forgotten when who asked for it goes away, so ending it
/// is ours: after [#hold] failed nothing is paused, and where that cannot be done now, it is done
/// when the instance answers again ([#mend]).
public final class PgBouncerRoute implements SwitchedRoute {
  private static final Logger LOG = LoggerFactory.getLogger(PgBouncerRoute.class);
  private static final Duration LOOK = Duration.ofMillis(1500);
  private static final Duration ACT = Duration.ofMillis(1200);

  /// What a thread may take beyond its limit.
  private static final Duration SLACK = Duration.ofMillis(150);

  private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

  private final List<PgBouncerInstance> instances;

  /// Connects to nothing yet.
  ///
  /// @param sides where each side's database is, as in the ini files
  public PgBouncerRoute(List<PgBouncer> instances, Map<Colour, SideAddress> sides) {
    this.instances = instances.stream().map(one -> new PgBouncerInstance(one, sides)).toList();
  }

  @Override
  public String name() {
    return instances.stream().map(PgBouncerInstance::name).collect(Collectors.joining(", "));
  }

  @Override
  public boolean canHold() {
    return true;
  }

  @Override
  public RouteSight look(Function<Colour, Optional<Identity>> identities)
      throws InterruptedException {
    List<String> wrong = new ArrayList<>();
    List<PgBouncerInstance.Sight> seen = together(LOOK, one -> one.look(LOOK), wrong);
    // Empty when all answered in time.
    boolean late = !wrong.isEmpty();
    wrong.addAll(
        seen.stream()
            .map(PgBouncerInstance.Sight::problem)
            .filter(Predicate.not(String::isEmpty))
            .toList());
    boolean paused = seen.stream().anyMatch(PgBouncerInstance.Sight::paused);
    List<Optional<Colour>> leads =
        seen.stream().map(PgBouncerInstance.Sight::leads).distinct().toList();
    boolean possible = !late && seen.stream().allMatch(PgBouncerInstance.Sight::possible);
    boolean one = leads.size() == 1 && seen.size() == instances.size();
    Optional<Colour> side = one ? leads.getFirst() : Optional.empty();
    if (wrong.isEmpty() && side.isEmpty()) {
      wrong.add("not all of " + name() + " lead to the same side");
    }
    return new RouteSight(
        Instant.now(),
        true,
        side,
        paused,
        possible,
        String.join("; ", wrong),
        side.map(s -> name() + (instances.size() == 1 ? " leads to " : " lead to ") + s)
            .orElse(""));
  }

  @Override
  public void ready() throws IOException {
    for (PgBouncerInstance one : instances) {
      one.tryOut();
    }
  }

  @Override
  public void hold(Instant until) throws IOException, InterruptedException {
    Duration limit = Duration.between(Instant.now(), until);
    List<String> wrong = new ArrayList<>();
    List<Boolean> done =
        together(
            limit.plus(SLACK),
            one -> {
              one.pause(until);
              return true;
            },
            wrong);
    if (done.size() == instances.size()) {
      return;
    }
    List<String> stuck = new ArrayList<>();
    List<Boolean> resumed = together(ACT, one -> resume(one, null), stuck);
    throw new IOException(
        String.join(" ", wrong)
            + (resumed.size() == instances.size()
                ? " Everything goes on."
                : " " + String.join(" ", stuck) + " It is resumed as soon as it answers."));
  }

  /// @param side null to leave where it leads
  private static boolean resume(PgBouncerInstance one, @Nullable Colour side) throws IOException {
    one.resume(side, Instant.now().plus(ACT));
    return true;
  }

  @Override
  public String point(Colour to, long epoch) throws IOException, InterruptedException {
    List<String> wrong = new ArrayList<>();
    List<PgBouncerInstance> written = new ArrayList<>();
    // All files first, also of those that do not answer: when they start again, they follow it.
    for (PgBouncerInstance one : instances) {
      try {
        one.write(to);
        written.add(one);
      } catch (IOException e) {
        LOG.warn("the file of {} was not changed", one.name(), e);
        wrong.add(String.valueOf(e.getMessage()));
      }
    }
    List<String> seen =
        together(written, ACT, one -> one.follow(to, Instant.now().plus(ACT)), wrong);
    if (!wrong.isEmpty()) {
      throw new IOException(String.join(" ", wrong));
    }
    return String.join(", ", seen);
  }

  @Override
  public void resume(@Nullable Colour side) throws IOException, InterruptedException {
    List<String> wrong = new ArrayList<>();
    List<Boolean> resumed = together(ACT, one -> resume(one, side), wrong);
    if (resumed.size() < instances.size()) {
      throw new IOException(
          String.join(" ", wrong) + " Its clients may wait, and go on as soon as it can be done.");
    }
  }

  @Override
  public void mend() throws InterruptedException {
    List<String> wrong = new ArrayList<>();
    List<Boolean> _ =
        together(
            LOOK,
            one -> {
              one.mend(ACT);
              return true;
            },
            wrong);
  }

  private interface Act<T> {
    T on(PgBouncerInstance one) throws IOException;
  }

  /// On all instances at once.
  ///
  /// @param wrong takes a sentence for each that failed
  /// @return what the others gave, in their order
  private <T> List<T> together(Duration limit, Act<T> act, List<String> wrong)
      throws InterruptedException {
    return together(instances, limit, act, wrong);
  }

  private static <T> List<T> together(
      List<PgBouncerInstance> some, Duration limit, Act<T> act, List<String> wrong)
      throws InterruptedException {
    List<Callable<T>> tasks = some.stream().<Callable<T>>map(one -> () -> act.on(one)).toList();
    List<Future<T>> futures =
        THREADS.invokeAll(tasks, limit.plus(SLACK).toMillis(), TimeUnit.MILLISECONDS);
    List<T> results = new ArrayList<>();
    for (int i = 0; i < futures.size(); i++) {
      try {
        results.add(futures.get(i).get());
      } catch (ExecutionException e) {
        LOG.info("{} failed", some.get(i).name(), e);
        wrong.add(String.valueOf(Objects.requireNonNull(e.getCause()).getMessage()));
      } catch (CancellationException e) {
        LOG.info("{} was given up", some.get(i).name(), e);
        wrong.add(some.get(i).name() + " did not answer in time.");
      }
    }
    return results;
  }

  @Override
  public void close() {
    instances.forEach(PgBouncerInstance::close);
  }
}
