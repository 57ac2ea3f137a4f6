package dev.signalbox.engine.journal;

import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.journal.Voter.Ballot;
import dev.signalbox.engine.journal.Voter.Renewal;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Lease;
import dev.signalbox.engine.release.Witness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The lease, given by the majority of its voters: both databases, and a witness when there is one.
/// With a witness two of three suffice, without one both databases are needed: of two consoles that
/// see one database each, never both have it.
public final class PostgresLease implements Lease, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresLease.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /// How long the others are waited for once enough have answered.
  private static final Duration GRACE = Duration.ofMillis(300);

  private static final Duration GRACE_TO_ACQUIRE = Duration.ofSeconds(1);

  /// The witness first: it decides between consoles that see one database each. Always in the same
  /// order: of two consoles at once one wins the first voter and the other is refused there.
  private final List<Voter> voters;

  /// Other databases of the environment. They have no voice, but refuse what carries an older epoch
  /// than they have heard of: so they hear of each.
  private final List<Voter> followers;

  /// Those that have answered or failed since the start.
  private final Set<Voter> heard = ConcurrentHashMap.newKeySet();

  private final Together together;

  private final Voter.Holder holder;
  private final Duration ttl;

  /// Voters that an operator declared closed; they do not count until they answer again.
  private volatile Set<String> closed = Set.of();

  /// When the majority was last asked that then agreed.
  private volatile long agreedAt;

  /// A newer epoch is being taken; some voters have heard of it.
  private volatile boolean acquiring;

  /// Without a witness.
  public PostgresLease(List<PostgresServer> servers, String holder, String name, Duration ttl) {
    this(servers, List.of(), null, holder, name, ttl);
  }

  /// @param servers those that give the lease
  /// @param others databases that only have to hear who drives
  /// @param witness closed with the lease
  /// @param holder unique to this process
  /// @param name for people: user, host and process
  public PostgresLease(
      List<PostgresServer> servers,
      List<PostgresServer> others,
      @Nullable Witness witness,
      String holder,
      String name,
      Duration ttl) {
    this(
        new LiveTogether(),
        voters(servers, witness),
        voters(others, null),
        new Voter.Holder(holder, name, ttl.toMillis()));
  }

  PostgresLease(Together together, List<Voter> voters, Voter.Holder holder) {
    this(together, voters, List.of(), holder);
  }

  private PostgresLease(
      Together together, List<Voter> voters, List<Voter> followers, Voter.Holder holder) {
    this.together = together;
    this.voters = List.copyOf(voters);
    this.followers = List.copyOf(followers);
    this.holder = holder;
    this.ttl = Duration.ofMillis(holder.ttlMillis());
  }

  private static List<Voter> voters(List<PostgresServer> servers, @Nullable Witness witness) {
    List<Voter> voters = new ArrayList<>();
    if (witness != null) {
      voters.add(new WitnessVoter(witness, new LiveTogether()));
    }
    servers.forEach(server -> voters.add(new DatabaseVoter(server)));
    return voters;
  }

  private List<Voter> well() {
    return voters.stream().filter(voter -> !voter.suspect()).toList();
  }

  @Override
  public LeaseView look() {
    Map<Voter, Ballot> ballots = ballots(well(), GRACE);
    Ballot newest = newest(ballots);
    List<String> silent = names(v -> heard.contains(v) && !ballots.containsKey(v));
    List<String> unasked = names(v -> !heard.contains(v));
    if (newest == null) {
      return new LeaseView(false, "", -1, null, silent, unasked, false);
    }
    Set<String> without = new LinkedHashSet<>(newest.closed());
    ballots.keySet().forEach(voter -> without.remove(voter.name()));
    boolean majority = ballots.size() >= needed(without);
    boolean mine = newest.live() && newest.holder().equals(holder.id());
    return new LeaseView(
        mine,
        newest.live() ? newest.name() : "",
        newest.epoch(),
        newest.expiresAt(),
        silent,
        unasked,
        majority);
  }

  /// With equal epochs the claim that runs out last tells more.
  private static @Nullable Ballot newest(Map<Voter, Ballot> ballots) {
    Ballot newest = null;
    for (Ballot ballot : ballots.values()) {
      if (newest == null
          || ballot.epoch() > newest.epoch()
          || (ballot.epoch() == newest.epoch() && ballot.expiresAt().isAfter(newest.expiresAt()))) {
        newest = ballot;
      }
    }
    return newest;
  }

  private Map<Voter, Ballot> ballots(List<Voter> whom, Duration grace) {
    Map<Voter, Ballot> ballots = new LinkedHashMap<>();
    together
        .<Voter, Ballot>ask(whom, 1, PATIENCE, grace, this::look)
        .forEach((voter, told) -> {
          switch (told) {
            case Together.Answered<Ballot>(Ballot ballot) -> ballots.put(voter, ballot);
            case Together.Failed<Ballot>(Exception why) ->
                LOG.debug("{} says nothing of the lease", voter.name(), why);
          }
        });
    return ballots;
  }

  /// That nobody waits any more for the first answer is none: a slow machine is no outage.
  private Ballot look(Voter voter) throws Exception {
    try {
      return voter.look();
    } finally {
      heard.add(voter);
    }
  }

  private List<String> names(Predicate<Voter> which) {
    return voters.stream().filter(which).map(Voter::name).toList();
  }

  @Override
  public long acquire(boolean force) {
    return acquire(force, false);
  }

  @Override
  public long acquireAlone(String words) {
    if (!words.equals(OTHER_SIDE_CLOSED)) {
      throw new IllegalStateException(
          "To drive without the others, close them and type '" + OTHER_SIDE_CLOSED + "'.");
    }
    return acquire(true, true);
  }

  private synchronized long acquire(boolean force, boolean alone) {
    acquiring = true;
    try {
      return acquired(force, alone);
    } finally {
      acquiring = false;
    }
  }

  private long acquired(boolean force, boolean alone) {
    long began = together.nanoTime();
    List<Voter> well = well();
    Map<Voter, Ballot> ballots =
        ballots(alone || well.size() < 2 ? voters : well, GRACE_TO_ACQUIRE);
    Ballot newest = newest(ballots);
    Set<String> without = new LinkedHashSet<>(newest == null ? Set.of() : newest.closed());
    if (alone) {
      voters.stream()
          .filter(voter -> !ballots.containsKey(voter))
          .peek(PostgresLease::refuseOpen)
          .forEach(voter -> without.add(voter.name()));
      if (ballots.keySet().stream().noneMatch(Voter::isDatabase)) {
        throw noMajority(ballots.keySet(), without);
      }
    }
    ballots.keySet().forEach(voter -> without.remove(voter.name()));
    if (newest == null || ballots.size() < needed(without)) {
      throw noMajority(ballots.keySet(), without);
    }
    for (Ballot ballot : ballots.values()) {
      if (ballot.live() && !ballot.holder().equals(holder.id()) && !force) {
        throw held(ballot);
      }
    }
    long epoch = newest.epoch() + 1;
    Set<Voter> taken = take(ballots, epoch, force, without);
    if (taken.size() < needed(without)) {
      giveBack(taken, epoch);
      throw noMajority(taken, without);
    }
    closed = Set.copyOf(without);
    agreedAt = began;
    tell(voter -> voter.take(holder, epoch, true, Set.of()), GRACE_TO_ACQUIRE);
    return epoch;
  }

  /// One that does not answer hears of it with the next renewal; until then it refuses our steps.
  private void tell(Together.Question<Voter, ?> news, Duration grace) {
    if (followers.isEmpty()) {
      return;
    }
    together
        .<Voter, Object>ask(
            followers, followers.size(), grace, Duration.ZERO, voter -> heard(news, voter))
        .forEach((voter, told) -> {
          if (told instanceof Together.Failed<Object>(Exception why)) {
            LOG.debug("{} has not heard who drives", voter.name(), why);
          }
        });
  }

  private static Object heard(Together.Question<Voter, ?> news, Voter voter) throws Exception {
    return Objects.requireNonNull(news.ask(voter));
  }

  private Set<Voter> take(
      Map<Voter, Ballot> ballots, long epoch, boolean force, Set<String> without) {
    Set<Voter> taken = new LinkedHashSet<>();
    for (Map.Entry<Voter, Ballot> one : ballots.entrySet()) {
      Voter voter = one.getKey();
      try {
        if (!voter.take(holder, epoch, force, without)) {
          giveBack(taken, epoch);
          throw held(voter.look());
        }
        taken.add(voter);
      } catch (HeldException e) {
        throw e;
      } catch (Exception e) {
        LOG.warn("lease not taken on {}: {}", voter.name(), e.getMessage());
      }
    }
    return taken;
  }

  /// What was taken without a majority must not keep another console waiting.
  private void giveBack(Set<Voter> taken, long epoch) {
    together.<Voter, Boolean>ask(
        taken,
        1,
        PATIENCE,
        GRACE,
        voter -> {
          voter.release(holder, epoch);
          return true;
        });
  }

  private int needed(Set<String> without) {
    long count = voters.stream().filter(voter -> !without.contains(voter.name())).count();
    return (int) count / 2 + 1;
  }

  /// What takes connections is not closed, whatever was typed.
  private static void refuseOpen(Voter voter) {
    if (voter.takesConnections()) {
      throw new IllegalStateException(
          "Something still takes connections at the address of "
              + voter.name()
              + ", though it does not answer: it is not closed. End it first.");
    }
  }

  private IllegalStateException noMajority(Set<Voter> answered, Set<String> without) {
    return new IllegalStateException(
        "Nobody can drive: the lease needs "
            + needed(without)
            + " of "
            + String.join(", ", voters.stream().map(Voter::name).toList())
            + ", and "
            + String.join(" and ", names(v -> !answered.contains(v)))
            + " did not answer.");
  }

  private static HeldException held(Ballot ballot) {
    return new HeldException(
        (ballot.name().isEmpty() ? "another console" : ballot.name())
            + " drives this environment (epoch "
            + ballot.epoch()
            + ").");
  }

  @Override
  public void renew(long epoch) {
    long began = together.nanoTime();
    Set<String> without = closed;
    Set<Voter> renewed = new LinkedHashSet<>();
    Set<Voter> superseded = new LinkedHashSet<>();
    together
        .<Voter, Renewal>ask(
            well(), needed(without), ttl, GRACE, voter -> voter.renew(holder, epoch, without))
        .forEach((voter, told) -> {
          switch (told) {
            case Together.Answered<Renewal>(Renewal renewal) -> {
              if (renewal == Renewal.DEPOSED) {
                throw new DeposedException("Another console has taken the lease.");
              }
              if (renewal == Renewal.RENEWED) {
                renewed.add(voter);
              } else if (renewal == Renewal.SUPERSEDED) {
                superseded.add(voter);
              }
            }
            case Together.Failed<Renewal>(Exception why) ->
                LOG.debug("the lease was not renewed on {}", voter.name(), why);
          }
        });
    Set<String> back = new LinkedHashSet<>(without);
    renewed.forEach(voter -> back.remove(voter.name()));
    if (renewed.size() >= needed(back)) {
      closed = Set.copyOf(back);
      agreedAt = began;
      tell(voter -> voter.renew(holder, epoch, Set.of()), GRACE);
      return;
    }
    boolean late = together.nanoTime() - agreedAt > ttl.toNanos();
    if (!superseded.isEmpty() && renewed.size() + superseded.size() >= needed(back)) {
      // We take a newer epoch ourselves, and are about to drive under it; or we took it in vain.
      if (late && !acquiring) {
        throw new DeposedException("This console took a newer epoch and does not drive under it.");
      }
      return;
    }
    IllegalStateException none = noMajority(renewed, back);
    if (late) {
      throw new DeposedException("The lease ran out. " + none.getMessage(), none);
    }
    throw none;
  }

  @Override
  public void release(long epoch) {
    giveBack(new LinkedHashSet<>(well()), epoch);
    tell(
        voter -> {
          voter.release(holder, epoch);
          return true;
        },
        GRACE);
  }

  @Override
  public void close() {
    voters.forEach(Voter::close);
    followers.forEach(Voter::close);
  }
}
