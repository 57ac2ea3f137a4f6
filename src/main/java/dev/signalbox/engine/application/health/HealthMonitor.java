package dev.signalbox.engine.application.health;

import dev.signalbox.engine.ApplicationView.Endpoint;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Health;
import dev.signalbox.engine.environment.ApplicationSettings.EndpointSettings;
import dev.signalbox.engine.environment.ApplicationSettings.HealthSettings;
import dev.signalbox.engine.environment.ApplicationSettings.StackSettings;
import dev.signalbox.engine.http.Probe;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks one stack: every configured path of every endpoint, each on a virtual thread of its own,
/// so that one that hangs does not keep the others from being seen. Thread-safe.
public final class HealthMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);

  /// How often while somebody waits for the verdict.
  private static final Duration URGENT = Duration.ofMillis(100);

  private static final long LOOK = 50_000_000;

  private final HealthSettings settings;
  private final Probe probe;
  private final List<Check> checks = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;
  private volatile long urgentUntilNanos = System.nanoTime() - 1;

  public HealthMonitor(HealthSettings settings, StackSettings stack, Probe probe) {
    this.settings = settings;
    this.probe = probe;
    for (EndpointSettings endpoint : stack.endpoints()) {
      for (String path : endpoint.checks()) {
        checks.add(new Check(endpoint.name(), path, endpoint.address().resolve(path)));
      }
    }
  }

  /// One checked path; `result` is written by its own thread, or under its lock by [#refresh].
  private static final class Check {
    final String endpoint;
    final String name;
    final URI address;
    volatile Result result;

    Check(String endpoint, String path, URI address) {
      this.endpoint = endpoint;
      this.name = (endpoint + " " + path).strip();
      this.address = address;
      this.result = Result.none(name, address);
    }
  }

  /// @param at when it was seen; null before the first look
  private record Result(
      @Nullable Instant at,
      Streak streak,
      Endpoint endpoint,
      String version,
      Optional<Colour> stack) {
    static Result none(String name, URI address) {
      return new Result(
          null,
          Streak.NONE,
          new Endpoint(name, address.toString(), Health.UNKNOWN, 0, Duration.ZERO, ""),
          "",
          Optional.empty());
    }
  }

  /// What was last seen of the stack.
  ///
  /// @param health the worst of its endpoints
  /// @param version empty when nothing answers
  /// @param streak the fewest successes in a row of any check; 0 when one failed
  /// @param names the stacks that its last answers say they come from
  /// @param named whether an answer of every endpoint said so
  /// @param fresh whether no look is older than three intervals should let it become
  public record Report(
      Health health,
      String version,
      Set<Colour> names,
      boolean named,
      List<Endpoint> endpoints,
      int streak,
      boolean fresh) {}

  public void start() {
    for (Check check : checks) {
      threads.add(Thread.ofVirtual().name("health " + check.name).start(() -> loop(check)));
    }
  }

  private void loop(Check check) {
    while (!closed) {
      long began = System.nanoTime();
      look(check);
      while (!closed && System.nanoTime() - began < pause()) {
        LockSupport.parkNanos(LOOK);
      }
    }
  }

  private long pause() {
    boolean urgent = urgentUntilNanos - System.nanoTime() > 0;
    Duration interval = settings.interval();
    return (urgent && URGENT.compareTo(interval) < 0 ? URGENT : interval).toNanos();
  }

  /// Checks more often for the next second: somebody waits.
  public void hurry() {
    urgentUntilNanos = System.nanoTime() + Duration.ofSeconds(1).toNanos();
  }

  /// Looks once, now; returns when all checks have their answer or their timeout.
  public void refresh() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(checks.size());
    for (Check check : checks) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              look(check);
            } finally {
              done.countDown();
            }
          });
    }
    if (!done.await(settings.timeout().toMillis() + 1_000, TimeUnit.MILLISECONDS)) {
      LOG.warn("a check has not ended within its timeout; it is not waited for");
    }
  }

  private void look(Check check) {
    boolean ok;
    String detail = "";
    String version = "";
    Optional<Colour> stack = Optional.empty();
    Duration latency = Duration.ZERO;
    try {
      Probe.Answer answer = probe.get(check.address, settings.timeout());
      version = answer.version();
      stack = answer.stack();
      latency = answer.latency();
      if (answer.status() != 200) {
        detail = check.address + " answers " + answer.status() + ", expected 200";
      }
      ok = detail.isEmpty();
    } catch (IOException e) {
      ok = false;
      detail = String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    synchronized (check) {
      Streak streak = check.result.streak.after(ok, settings.rise(), settings.fall());
      check.result =
          new Result(
              Instant.now(),
              streak,
              new Endpoint(
                  check.name,
                  check.address.toString(),
                  streak.health(),
                  streak.length(),
                  latency,
                  detail),
              version,
              stack);
    }
  }

  public Report report() {
    List<Endpoint> endpoints = new ArrayList<>();
    Health worst = Health.HEALTHY;
    String version = "";
    int streak = Integer.MAX_VALUE;
    boolean fresh = true;
    Set<Colour> names = EnumSet.noneOf(Colour.class);
    Set<String> unnamed = new HashSet<>();
    Set<String> named = new HashSet<>();
    Duration bearable = settings.interval().plus(settings.timeout()).multipliedBy(3);
    Instant oldest = Instant.now().minus(bearable);
    for (Check check : checks) {
      Result result = check.result;
      endpoints.add(result.endpoint);
      fresh &= result.at != null && result.at.isAfter(oldest);
      if (version.isEmpty()) {
        version = result.version;
      }
      result.stack.ifPresent(names::add);
      (result.stack.isPresent() ? named : unnamed).add(check.endpoint);
      worst = worse(worst, result.streak.health());
      streak = Math.min(streak, result.streak.success() ? result.streak.length() : 0);
    }
    return new Report(
        worst,
        version,
        Set.copyOf(names),
        named.containsAll(unnamed),
        List.copyOf(endpoints),
        streak,
        fresh);
  }

  private static Health worse(Health one, Health other) {
    return rank(one) >= rank(other) ? one : other;
  }

  private static int rank(Health health) {
    return switch (health) {
      case HEALTHY -> 0;
      case UNKNOWN -> 1;
      case ABSENT -> 2;
      case UNHEALTHY -> 3;
    };
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }
}
