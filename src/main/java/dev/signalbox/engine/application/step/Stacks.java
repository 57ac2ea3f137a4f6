package dev.signalbox.engine.application.step;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.application.configuration.Acknowledgement;
import dev.signalbox.engine.application.configuration.DatabaseFile;
import dev.signalbox.engine.application.configuration.DatabaseIdentity;
import dev.signalbox.engine.application.configuration.DatabaseTarget;
import dev.signalbox.engine.application.health.HealthMonitor;
import dev.signalbox.engine.application.health.Probe;
import dev.signalbox.engine.application.router.RouterClient;
import dev.signalbox.engine.application.stack.ProcessDriver;
import dev.signalbox.engine.environment.ApplicationSettings;
import dev.signalbox.engine.environment.ApplicationSettings.EndpointSettings;
import dev.signalbox.engine.environment.ApplicationSettings.StackSettings;
import dev.signalbox.engine.release.StepContext;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Both stacks of an environment and the router in front of them, as steps and gates reach them.
/// Thread-safe.
///
/// @param databases JDBC address of each stack's database, without user and password
/// @param identities which database each stack must be connected to, as soon as it is known
/// @param maxHold after which a hold ends by itself
/// @param drain how long a hold waits for requests in flight
/// @param intended told where this console has sent traffic
public record Stacks(
    ApplicationSettings settings,
    Map<Colour, String> databases,
    Function<Colour, Optional<DatabaseIdentity>> identities,
    Duration maxHold,
    Duration drain,
    RouterClient router,
    ProcessDriver driver,
    Probe probe,
    Map<Colour, HealthMonitor> monitors,
    Consumer<Colour> intended) {
  /// How long one question of a step may take.
  static final Duration ASK = Duration.ofSeconds(2);

  public StackSettings stack(Colour colour) {
    return java.util.Objects.requireNonNull(settings.stacks().get(colour));
  }

  public HealthMonitor monitor(Colour colour) {
    return java.util.Objects.requireNonNull(monitors.get(colour));
  }

  DatabaseFile databaseFile(Colour colour) {
    return new DatabaseFile(stack(colour).databaseFile());
  }

  /// Writes the stack's database file unless it says so already.
  ///
  /// @return its generation
  long writeDatabaseFile(Colour colour, long epoch) throws IOException {
    return databaseFile(colour).write(target(colour), epoch);
  }

  private DatabaseTarget target(Colour colour) throws IOException {
    StackSettings stack = stack(colour);
    return new DatabaseTarget(
        colour,
        java.util.Objects.requireNonNull(databases.get(colour)),
        stack.databaseUser(),
        databaseFile(colour).passwordFile(stack.databasePassword()));
  }

  /// Which of the two databases `identity` is; empty when neither, or not known yet.
  public Optional<Colour> databaseOf(DatabaseIdentity identity) {
    for (Colour colour : Colour.values()) {
      if (identities.apply(colour).filter(identity::equals).isPresent()) {
        return Optional.of(colour);
      }
    }
    return Optional.empty();
  }

  /// What keeps the stack from having acknowledged its own database; empty when it has. Asks the
  /// stack now.
  String unacknowledged(Colour colour) throws IOException, InterruptedException {
    Optional<EndpointSettings> backend = HealthMonitor.backend(stack(colour));
    if (backend.isEmpty()) {
      return "";
    }
    URI address = backend.get().address().resolve("/api/health/db");
    Probe.Answer answer;
    try {
      answer = probe.get(address, ASK);
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
    return unacknowledged(colour, Acknowledgement.of(answer.status(), answer.body()));
  }

  /// The same for an acknowledgement that was seen before.
  public String unacknowledged(Colour colour, Acknowledgement said) throws IOException {
    if (!said.problem().isEmpty()) {
      return "the " + colour + " application has no database: " + said.problem();
    }
    Optional<DatabaseIdentity> expected = identities.apply(colour);
    if (expected.isEmpty()) {
      return "which database is " + colour + "'s is not known: it does not answer the console";
    }
    if (!said.identity().equals(expected.get())) {
      return "the "
          + colour
          + " application is connected to "
          + databaseOf(said.identity()).map(other -> other + "'s database").orElse("a strange one")
          + " ('"
          + said.identity().name()
          + "'), not to its own";
    }
    long generation = databaseFile(colour).read().map(DatabaseFile.Content::generation).orElse(-1L);
    return said.generation() < generation
        ? "the "
            + colour
            + " application still uses generation "
            + said.generation()
            + " of its database file, the newest is "
            + generation
        : "";
  }

  /// Looks until `problem` is empty.
  ///
  /// @throws IOException with the last problem, when the attempt's time is over
  void await(StepContext context, String what, Look problem)
      throws IOException, InterruptedException {
    while (true) {
      context.check();
      String now = problem.look();
      if (now.isEmpty()) {
        return;
      }
      if (Instant.now().plusMillis(200).isAfter(context.deadline())) {
        throw new IOException(what + " in time: " + now + ".");
      }
      context.progress(now);
      Thread.sleep(50);
    }
  }

  /// What is in the way, or nothing.
  interface Look {
    String look() throws IOException, InterruptedException;
  }
}
