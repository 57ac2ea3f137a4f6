package dev.signalbox.cluster.fleet;

import dev.signalbox.engine.strategy.control.ClientEntry;
import dev.signalbox.engine.strategy.control.FleetSummary;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.fleet.ClientReport;
import dev.signalbox.strategy.fleet.PinnedQuery;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The last report of each client. Bounded in number, and what a client says is cut to size.
/// Thread-safe.
public final class FleetRegistry {
  /// Clients beyond are not taken.
  public static final int MOST_CLIENTS = 20_000;

  /// Clients beyond that report with one session are not taken.
  public static final int MOST_PER_SESSION = 1_000;

  private static final long SILENT_NANOS = 5_000_000_000L;
  private static final long FORGET_NANOS = 60_000_000_000L;
  private static final int MOST_PINNED = 20;

  private final Map<String, Entry> clients = new ConcurrentHashMap<>();

  /// How many of them report with each session.
  private final Map<String, Integer> sessions = new ConcurrentHashMap<>();

  /// @param source the stream that it came on
  private record Entry(
      ClientReport report, long at, String peer, String user, String session, Object source) {
    long age() {
      return System.nanoTime() - at;
    }
  }

  /// What became of a report.
  enum Taken {
    TAKEN,
    /// Another user has a client of this name.
    NOT_YOURS,
    TOO_MANY,
    TOO_MANY_OF_THE_SESSION
  }

  /// Takes a report.
  ///
  /// @param session kept to count its clients, never shown
  /// @param source what [#ended] is called with; the same object
  Taken take(ClientReport report, String peer, String user, String session, Object source) {
    Entry entry = new Entry(report, System.nanoTime(), peer, user, session, source);
    AtomicReference<Taken> taken = new AtomicReference<>(Taken.TAKEN);
    clients.compute(
        report.getClientId(),
        (id, old) -> {
          taken.set(entered(old, entry));
          if (taken.get() != Taken.TAKEN) {
            return old;
          }
          if (old != null) {
            leave(old);
          }
          return entry;
        });
    return Objects.requireNonNull(taken.get());
  }

  /// Whether it may stand there, and if so, counts it. Of several threads at the bounds each may
  /// add one: a few more than allowed do no harm.
  private Taken entered(@Nullable Entry old, Entry entry) {
    if (old == null && clients.size() >= MOST_CLIENTS) {
      return Taken.TOO_MANY;
    }
    if (old != null && !old.user().equals(entry.user())) {
      return Taken.NOT_YOURS;
    }
    boolean other = old == null || !old.session().equals(entry.session());
    if (other && sessions.getOrDefault(entry.session(), 0) >= MOST_PER_SESSION) {
      return Taken.TOO_MANY_OF_THE_SESSION;
    }
    sessions.merge(entry.session(), 1, Integer::sum);
    return Taken.TAKEN;
  }

  private void leave(Entry entry) {
    sessions.computeIfPresent(entry.session(), (id, count) -> count > 1 ? count - 1 : null);
  }

  /// The stream of a client ended: it is gone, unless it reports on another one already.
  void ended(String clientId, Object source) {
    removeIf(clientId, entry -> entry.source().equals(source));
  }

  /// Forgets who is silent for a minute. To be called about once a second.
  public void sweep() {
    for (String clientId : clients.keySet()) {
      removeIf(clientId, entry -> entry.age() > FORGET_NANOS);
    }
  }

  private void removeIf(String clientId, Predicate<Entry> which) {
    clients.computeIfPresent(
        clientId,
        (id, entry) -> {
          if (!which.test(entry)) {
            return entry;
          }
          leave(entry);
          return null;
        });
  }

  /// The report cut to what is kept.
  ///
  /// @return empty when it is not a report
  static Optional<ClientReport> clipped(ClientReport report) {
    String id = report.getClientId();
    if (id.isEmpty() || id.length() > 64) {
      return Optional.empty();
    }
    ClientReport.Builder clean =
        ClientReport.newBuilder()
            .setClientId(id)
            .setName(clip(report.getName(), 100))
            .setState(clip(report.getState(), 20))
            .setActive(strategy(report.getActive()))
            .setPending(strategy(report.getPending()))
            .setPinnedTotal(Math.max(0, report.getPinnedTotal()))
            .setTransitions(Math.max(0, report.getTransitions()))
            .setWrongStrategy(Math.max(0, report.getWrongStrategy()))
            .setCalls(Math.max(0, report.getCalls()))
            .setCacheHits(Math.max(0, report.getCacheHits()))
            .setCacheMisses(Math.max(0, report.getCacheMisses()))
            .setFailedCalls(Math.max(0, report.getFailedCalls()))
            .setLastError(clip(report.getLastError(), 200))
            .setDetectionMillis(
                Double.isFinite(report.getDetectionMillis())
                    ? Math.max(0, report.getDetectionMillis())
                    : 0);
    for (PinnedQuery pinned :
        report.getPinnedList().subList(0, Math.min(MOST_PINNED, report.getPinnedCount()))) {
      clean.addPinned(
          PinnedQuery.newBuilder()
              .setQueryId(clip(pinned.getQueryId(), 64))
              .setStrategy(strategy(pinned.getStrategy()))
              .setAgeMillis(Math.max(0, pinned.getAgeMillis())));
    }
    return Optional.of(clean.build());
  }

  private static String clip(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }

  private static String strategy(String text) {
    return Strategy.parse(clip(text, 10)).map(Strategy::wire).orElse("");
  }

  public FleetSummary summary() {
    FleetSummary.Builder sum = FleetSummary.newBuilder();
    for (Entry entry : clients.values()) {
      ClientReport report = entry.report();
      sum.setClients(sum.getClients() + 1);
      if (entry.age() > SILENT_NANOS) {
        sum.setSilent(sum.getSilent() + 1);
      }
      switch (report.getActive()) {
        case "blue" -> sum.setBlue(sum.getBlue() + 1);
        case "green" -> sum.setGreen(sum.getGreen() + 1);
        default -> sum.setNone(sum.getNone() + 1);
      }
      if (!report.getPending().isEmpty()) {
        sum.setPending(sum.getPending() + 1);
      }
      for (PinnedQuery pinned : report.getPinnedList()) {
        switch (pinned.getStrategy()) {
          case "blue" -> sum.setPinnedBlue(sum.getPinnedBlue() + 1);
          case "green" -> sum.setPinnedGreen(sum.getPinnedGreen() + 1);
          default -> {}
        }
      }
    }
    return sum.build();
  }

  /// Hits of all lookups of the clients, 0 to 1; NaN when there were none.
  public double cacheHitShare() {
    double hits = 0;
    double lookups = 0;
    for (Entry entry : clients.values()) {
      hits += entry.report().getCacheHits();
      lookups += entry.report().getCacheHits() + (double) entry.report().getCacheMisses();
    }
    return hits / lookups;
  }

  /// Mean of the clients that detected a strategy in the last minute, milliseconds; NaN when none
  /// did.
  public double detectionMillis() {
    return clients.values().stream()
        .mapToDouble(entry -> entry.report().getDetectionMillis())
        .filter(millis -> millis > 0)
        .average()
        .orElse(Double.NaN);
  }

  /// Which clients report these queries as pinned: query identifier to client identifier.
  public Map<String, String> pinning(Set<String> queries) {
    Map<String, String> result = new HashMap<>();
    if (!queries.isEmpty()) {
      for (Entry entry : clients.values()) {
        for (PinnedQuery pinned : entry.report().getPinnedList()) {
          if (queries.contains(pinned.getQueryId())) {
            result.put(pinned.getQueryId(), entry.report().getClientId());
          }
        }
      }
    }
    return result;
  }

  /// By identifier.
  ///
  /// @param limit 0 for all
  public List<ClientEntry> entries(int limit) {
    Collection<Entry> all = clients.values();
    return all.stream()
        .sorted(Comparator.comparing((Entry entry) -> entry.report().getClientId()))
        .limit(limit <= 0 ? Long.MAX_VALUE : limit)
        .map(entry ->
            ClientEntry.newBuilder()
                .setReport(entry.report())
                .setAgeMillis(entry.age() / 1_000_000)
                .setPeer(entry.peer())
                .setUser(entry.user())
                .build())
        .toList();
  }
}
