package dev.signalbox.engine.database.route;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.postgres.Identity;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.timing.Poller;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All routes of one database: those of each stack, watched on a thread for each, and those that
/// are switched ([SwitchedRoutes]). Thread-safe.
public final class Routes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  /// The longest that an application is waited for.
  private static final Duration ANSWER = Duration.ofSeconds(2);

  private final List<DatabaseRoute> all;
  private final SwitchedRoutes switched;
  private final Function<Colour, Optional<Identity>> identities;
  private final Duration poll;
  private final Map<Colour, Poller> watchers = new EnumMap<>(Colour.class);
  private volatile Map<Colour, Seen> seen = Map.of();

  /// @param identities which database each stack must be connected to; empty while it is not known.
  ///   Must return at once
  /// @param poll how often the applications are asked
  public Routes(
      List<DatabaseRoute> all,
      List<SwitchedRoute> switched,
      Function<Colour, Optional<Identity>> identities,
      Duration poll) {
    this.all = List.copyOf(all);
    this.switched = new SwitchedRoutes(switched, identities, poll);
    this.identities = identities;
    this.poll = poll;
  }

  /// What the applications of a stack said last of their database.
  ///
  /// @param told whether they can say it
  /// @param database the one that they are connected to; empty when it is neither of the two, or
  ///   not known
  /// @param problem why they are not known to use their own; empty when they do, or cannot say it
  /// @param evidence what they acknowledged, in a few words
  public record Seen(
      Instant at,
      boolean told,
      Optional<Colour> database,
      long generation,
      String problem,
      String evidence) {
    static final Seen NOTHING = new Seen(Instant.EPOCH, false, Optional.empty(), -1, "", "");

    /// Whether anybody has looked yet.
    public boolean asked() {
      return at.isAfter(Instant.EPOCH);
    }
  }

  /// Those that a move leads from one side to the other.
  public SwitchedRoutes switched() {
    return switched;
  }

  /// Whether each stack's applications are told their own database at all.
  public boolean none() {
    return all.isEmpty();
  }

  public void start() {
    switched.start();
    if (none()) {
      return;
    }
    for (Colour stack : Colour.values()) {
      watchers.put(stack, new Poller("route " + stack, poll, () -> look(stack)));
    }
  }

  /// Asks the applications of a stack now.
  public Seen look(Colour stack) throws InterruptedException {
    Seen found = ask(stack);
    synchronized (this) {
      Map<Colour, Seen> next = new EnumMap<>(Colour.class);
      next.putAll(seen);
      next.put(stack, found);
      seen = Map.copyOf(next);
    }
    return found;
  }

  private Seen ask(Colour stack) throws InterruptedException {
    Seen found = new Seen(Instant.now(), false, Optional.empty(), -1, "", "");
    for (DatabaseRoute route : all) {
      try {
        Optional<Acknowledgement> said = route.acknowledgement(stack);
        if (said.isPresent()) {
          found = judged(stack, said.get(), route.generation(stack));
        }
      } catch (IOException e) {
        LOG.debug("{} does not say which database it uses", stack, e);
        found =
            new Seen(Instant.now(), true, Optional.empty(), -1, String.valueOf(e.getMessage()), "");
      }
      if (!found.problem().isEmpty()) {
        return found;
      }
    }
    return found;
  }

  private Seen judged(Colour stack, Acknowledgement said, long generation) {
    Optional<Colour> database =
        said.problem().isEmpty() ? databaseOf(said.identity()) : Optional.empty();
    return new Seen(
        Instant.now(),
        true,
        database,
        said.generation(),
        problem(stack, said, generation),
        "'"
            + said.identity().database()
            + "' of system "
            + said.identity().systemIdentifier()
            + ", generation "
            + said.generation());
  }

  private String problem(Colour stack, Acknowledgement said, long generation) {
    if (!said.problem().isEmpty()) {
      return "the " + stack + " application has no database: " + said.problem();
    }
    Optional<Identity> expected = identities.apply(stack);
    if (expected.isEmpty()) {
      return "which database is " + stack + "'s is not known: it does not answer the console";
    }
    if (!said.identity().equals(expected.get())) {
      return "the "
          + stack
          + " application is connected to "
          + databaseOf(said.identity()).map(other -> other + "'s database").orElse("a strange one")
          + " ('"
          + said.identity().database()
          + "'), not to its own";
    }
    return said.generation() < generation
        ? "the "
            + stack
            + " application still uses generation "
            + said.generation()
            + " of its database file, the newest is "
            + generation
        : "";
  }

  private Optional<Colour> databaseOf(Identity identity) {
    for (Colour colour : Colour.values()) {
      if (identities.apply(colour).filter(identity::equals).isPresent()) {
        return Optional.of(colour);
      }
    }
    return Optional.empty();
  }

  /// Begins to look at everything once, now.
  ///
  /// @return the threads that do it
  public List<Thread> refresh() {
    List<Thread> looks = new ArrayList<>(switched.refresh());
    if (!none()) {
      for (Colour stack : Colour.values()) {
        looks.add(Thread.ofVirtual().start(() -> refresh(stack)));
      }
    }
    return looks;
  }

  private void refresh(Colour stack) {
    try {
      look(stack);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What was seen last of a stack.
  public Seen seen(Colour stack) {
    return Objects.requireNonNullElse(seen.get(stack), Seen.NOTHING);
  }

  /// Whether what was seen last of a stack is too old to act on, or nobody has looked yet.
  public boolean old(Colour stack) {
    Duration bearable = poll.plus(ANSWER).multipliedBy(3);
    return seen(stack).at().isBefore(Instant.now().minus(bearable));
  }

  /// What keeps traffic from going to a stack, as it was seen last; empty when nothing does.
  public String obstacle(Colour stack) {
    return none()
        ? ""
        : old(stack)
            ? stack + " was not asked lately which database it uses"
            : seen(stack).problem();
  }

  /// The same, for a screen; empty when applications are told nothing here, or cannot say anything.
  public Optional<DatabaseView.Application> view(Colour stack) {
    Seen last = seen(stack);
    return none() || (last.asked() && !last.told())
        ? Optional.empty()
        : Optional.of(
            new DatabaseView.Application(
                old(stack) ? null : last.database().orElse(null),
                last.generation(),
                last.problem()));
  }

  /// Points the applications of a stack to their database, on every route.
  ///
  /// @return the highest generation of what they were told; -1 without a route
  public long point(Colour stack, long epoch) throws IOException {
    long generation = -1;
    for (DatabaseRoute route : all) {
      generation = Math.max(generation, route.point(stack, epoch));
    }
    return generation;
  }

  /// Whether the applications of a stack were told their database on every route, and do not say
  /// now that they use another one.
  public boolean acknowledged(Colour stack) throws IOException, InterruptedException {
    return pointed(stack) && look(stack).problem().isEmpty();
  }

  /// Whether the applications of a stack were told their database on every route.
  public boolean pointed(Colour stack) throws IOException {
    for (DatabaseRoute route : all) {
      if (route.generation(stack) < 0) {
        return false;
      }
    }
    return true;
  }

  /// Asks until the applications of a stack acknowledge their database.
  ///
  /// @return what they acknowledged, in a few words; empty when they cannot say it
  /// @throws IOException with the last problem, when the attempt's time is over
  public String await(Colour stack, StepContext context) throws IOException, InterruptedException {
    String failure = "The " + stack + " application did not acknowledge its database";
    return context.await(failure, () -> look(stack), Seen::problem).evidence();
  }

  @Override
  public void close() {
    watchers.values().forEach(Poller::close);
    switched.close();
  }
}
