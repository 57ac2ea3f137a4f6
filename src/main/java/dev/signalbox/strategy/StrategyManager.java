package dev.signalbox.strategy;

import dev.signalbox.strategy.StrategyEvent.InvalidationTrigger;
import dev.signalbox.strategy.StrategyEvent.SafePoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Knows for each cluster which stack answers, and pins each query to the stack that prepared it.
///
/// One manager serves a whole application and any number of clusters. Thread-safe; nothing here
/// waits except [#detect].
public final class StrategyManager implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StrategyManager.class);

  private final StrategyConfig config;
  private final StrategyStorage storage;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final List<StrategyObserver> observers = new CopyOnWriteArrayList<>();
  private final Map<ClusterKey, ClusterEntry> entries = new ConcurrentHashMap<>();

  /// Remembers within this process only.
  public StrategyManager(StrategyConfig config) {
    this(
        config,
        new MemoryStorage(config.cacheTtl(), InstantSource.system()),
        InstantSource.system());
  }

  /// @param storage is closed with the manager
  public StrategyManager(StrategyConfig config, StrategyStorage storage, InstantSource clock) {
    this(config, storage, clock, System::nanoTime);
  }

  StrategyManager(
      StrategyConfig config, StrategyStorage storage, InstantSource clock, LongSupplier nanos) {
    this.nanos = nanos;
    this.config = config;
    this.storage = storage;
    this.clock = clock;
  }

  public StrategyConfig config() {
    return config;
  }

  /// Tells `observer` of every event from now on.
  ///
  /// @return closing it ends that
  public Observation observe(StrategyObserver observer) {
    // Wrapped, so that an observer that is added twice is told twice and removed once.
    StrategyObserver one = (key, event) -> observer.accept(key, event);
    observers.add(one);
    return () -> observers.remove(one);
  }

  /// Ends the notification of an observer.
  @FunctionalInterface
  public interface Observation extends AutoCloseable {
    @Override
    void close();
  }

  public StrategySnapshot snapshot(ClusterKey key) {
    ClusterEntry entry = entry(key);
    sweep(entry);
    StoredStrategy stored = storage.read(key);
    return new StrategySnapshot(
        key,
        StrategyState.of(stored, entry.flight.get() != null, entry.failure),
        stored.active(),
        stored.pending(),
        entry.open.count(),
        entry.open.oldest());
  }

  /// The strategy for a new query: the pending one, else the active one.
  ///
  /// @return empty when it has to be detected
  public Optional<Strategy> select(ClusterKey key) {
    Strategy selected = Transitions.selected(storage.read(key));
    if (!observers.isEmpty()) {
      emit(key, new StrategyEvent.LookedUp(selected != null));
    }
    return Optional.ofNullable(selected);
  }

  /// As [#select], for a look that belongs to no new query: nobody is told.
  public Optional<Strategy> peek(ClusterKey key) {
    return Optional.ofNullable(Transitions.selected(storage.read(key)));
  }

  /// What a call carries that belongs to no query, or to one not prepared yet.
  ///
  /// @param strategy null when none is known
  public Route route(ClusterKey key, @Nullable Strategy strategy) {
    return entry(key).route(strategy);
  }

  /// The route of a new query by what is known now, without a look-up event.
  Route current(ClusterEntry entry) {
    return entry.route(Transitions.selected(storage.read(entry.key)));
  }

  /// Asks the stacks which one is in use, unless another thread is asking: then waits for its
  /// answer. Takes the detection timeout at most.
  ///
  /// @throws StrategyDetectionException when no stack accepts the client
  /// @throws BadCredentialsException when a stack refuses the user, and none accepts it
  /// @throws ClusterSuspendedException when the cluster is suspended
  public Strategy detect(ClusterKey key, StrategyProbe probe) {
    return new Detection(this, entry(key), probe).run();
  }

  /// A stack accepted the client.
  void detected(ClusterEntry entry, Strategy strategy, Duration took) {
    change(entry, now -> Transitions.detected(now, strategy, clock.millis()));
    entry.failure = null;
    emit(entry.key, new StrategyEvent.Detected(strategy, took));
  }

  @Nullable Strategy known(ClusterEntry entry) {
    return Transitions.selected(storage.read(entry.key));
  }

  /// A client authenticated with `strategy`: confirms it when it is the active one, and is a safe
  /// point.
  public void connected(ClusterKey key, Strategy strategy) {
    ClusterEntry entry = entry(key);
    change(
        entry,
        now ->
            now.active() == strategy ? Transitions.detected(now, strategy, clock.millis()) : now);
    safePoint(entry, SafePoint.CONNECTION_ESTABLISHED);
  }

  /// A response carried `new_strategy`.
  public void announced(ClusterKey key, String value) {
    announced(entry(key), value);
  }

  void announced(ClusterEntry entry, String value) {
    Strategy to = strategy(value);
    if (to == null) {
      // Without a value it says nothing; with another one it must not lead anywhere.
      if (!value.isBlank()) {
        emit(entry.key, new StrategyEvent.UnknownAnnounced(Texts.shown(value)));
      }
      return;
    }
    StoredStrategy now = storage.read(entry.key);
    if (now.active() == null) {
      entry.hint = to;
    } else if (!Transitions.announce(now, to).equals(now)) {
      announce(entry, to);
    }
  }

  private static @Nullable Strategy strategy(String value) {
    return Strategy.parse(value).orElse(null);
  }

  private void announce(ClusterEntry entry, Strategy to) {
    Change change = change(entry, before -> Transitions.announce(before, to));
    Strategy active = change.after.active();
    if (active == null || change.before.pending() == change.after.pending()) {
      return;
    }
    if (change.after.pending() == null) {
      LOG.info("{} takes its announcement back and stays {}", entry.key, active);
      emit(entry.key, new StrategyEvent.AnnouncementWithdrawn(active, active.other()));
    } else {
      entry.announcedAt = clock.millis();
      LOG.info("{} announces {} after {}", entry.key, to, active);
      emit(entry.key, new StrategyEvent.Announced(active, to));
    }
  }

  /// A call was answered with 456.
  ///
  /// @param sent the strategy that it carried; null when none
  void refused(ClusterEntry entry, @Nullable Strategy sent, String method) {
    emit(entry.key, new StrategyEvent.WrongStrategy(sent, method));
    Change change = change(entry, now -> Transitions.refused(now, sent, clock.millis()));
    Strategy was = change.before.active();
    Strategy is = change.after.active();
    if (sent == null || !change.changed()) {
      return;
    }
    if (is == was && is != null) {
      emit(entry.key, new StrategyEvent.AnnouncementWithdrawn(is, sent));
      return;
    }
    LOG.info("{} no longer answers as {}", entry.key, sent);
    entry.hint = sent.other();
    applied(entry, change, SafePoint.CACHE_INVALIDATED);
    emit(entry.key, new StrategyEvent.Invalidated(InvalidationTrigger.WRONG_STRATEGY));
  }

  /// Forgets what is known: the next query detects. A pending strategy counts as applied and is
  /// asked first.
  public void invalidate(ClusterKey key, InvalidationTrigger trigger) {
    ClusterEntry entry = entry(key);
    if (known(entry) == null) {
      return;
    }
    Change change = change(entry, Transitions::forget);
    Strategy active = change.before.active();
    Strategy pending = change.before.pending();
    Strategy last = pending == null ? active : pending;
    if (last == null) {
      return;
    }
    entry.hint = last;
    if (active != null && pending != null) {
      applied(entry, active, pending, SafePoint.CACHE_INVALIDATED);
    }
    LOG.info("{}: the strategy {} is no longer trusted ({})", key, last, trigger);
    emit(key, new StrategyEvent.Invalidated(trigger));
  }

  private void safePoint(ClusterEntry entry, SafePoint point) {
    if (storage.read(entry.key).pending() != null) {
      Change change = change(entry, now -> Transitions.apply(now, clock.millis()));
      applied(entry, change, point);
    }
  }

  private void applied(ClusterEntry entry, Change change, SafePoint point) {
    Strategy from = change.before.active();
    Strategy to = change.before.pending();
    if (from != null && to != null && change.after.active() == to) {
      applied(entry, from, to, point);
    }
  }

  private void applied(ClusterEntry entry, Strategy from, Strategy to, SafePoint point) {
    long now = clock.millis();
    long seen = entry.announcedAt;
    entry.announcedAt = 0;
    Duration pendingFor = seen == 0 ? Duration.ZERO : since(seen, now);
    LOG.info("{} changed from {} to {} ({})", entry.key, from, to, point);
    emit(entry.key, new StrategyEvent.Applied(from, to, pendingFor, point));
  }

  /// Pins a query that was prepared.
  ///
  /// @param strategy the one that its prepare carried, whatever is active by now
  /// @param engineIp as prepare named it; may be empty
  /// @throws TooManyQueriesException when as many are open as may be
  /// @throws IllegalArgumentException when the address cannot stand in a header
  public QueryHandle open(
      ClusterKey key, Strategy strategy, String sessionId, String queryId, String engineIp) {
    ClusterEntry entry = entry(key);
    sweepIfDue(entry);
    if (entry.open.count() >= config.maxOpenQueries()) {
      throw new TooManyQueriesException(config.maxOpenQueries());
    }
    Route route = entry.route(strategy).via(engineIp);
    QueryHandle handle =
        new QueryHandle(key, strategy, route, sessionId, queryId, engineIp, nanos.getAsLong());
    entry.open.add(handle);
    if (!observers.isEmpty()) {
      emit(key, new StrategyEvent.QueryOpened(queryId, strategy));
    }
    return handle;
  }

  /// Whether a query is still pinned. One that is too old is not.
  public boolean isOpen(QueryHandle handle) {
    ClusterEntry entry = entry(handle.key());
    sweepIfDue(entry);
    return entry.open.contains(handle);
  }

  /// Ends the pinning of a query. Cleared and cancelled ones are safe points. Does nothing for one
  /// that has ended.
  ///
  /// @return whether it ended now
  public boolean close(QueryHandle handle, QueryEnding ending) {
    ClusterEntry entry = entry(handle.key());
    if (!entry.open.remove(handle)) {
      return false;
    }
    closed(handle, ending);
    switch (ending) {
      case CLEARED -> safePoint(entry, SafePoint.QUERY_CLEARED);
      case CANCELLED -> safePoint(entry, SafePoint.QUERY_CANCELLED);
      case FAILED, ABANDONED, EXPIRED -> {}
    }
    return true;
  }

  private void closed(QueryHandle handle, QueryEnding ending) {
    if (!observers.isEmpty()) {
      emit(
          handle.key(),
          new StrategyEvent.QueryClosed(
              handle.queryId(),
              handle.strategy(),
              Duration.ofNanos(Math.max(0, nanos.getAsLong() - handle.openedAt())),
              ending.label()));
    }
  }

  private void sweepIfDue(ClusterEntry entry) {
    if (entry.open.sweepIsDue(config.maxOpenQueries())) {
      sweep(entry);
    }
  }

  private void sweep(ClusterEntry entry) {
    for (QueryHandle handle : entry.open.expire(config.maxQueryAge())) {
      LOG.warn("{} was never cleared: it is no longer followed", handle);
      closed(handle, QueryEnding.EXPIRED);
    }
  }

  boolean observed() {
    return !observers.isEmpty();
  }

  void emit(ClusterKey key, StrategyEvent event) {
    for (StrategyObserver observer : observers) {
      try {
        observer.accept(key, event);
      } catch (RuntimeException e) {
        LOG.warn("An observer of {} failed and is ignored", key, e);
      }
    }
  }

  ClusterEntry entry(ClusterKey key) {
    ClusterEntry found = entries.get(key);
    if (found != null) {
      return found;
    }
    if (entries.size() >= MemoryStorage.MOST) {
      throw new IllegalStateException(
          "One manager follows at most " + MemoryStorage.MOST + " clusters; use another one.");
    }
    return entries.computeIfAbsent(key, absent -> new ClusterEntry(absent, nanos));
  }

  private record Change(StoredStrategy before, StoredStrategy after) {
    boolean changed() {
      return before.active() != after.active() || before.pending() != after.pending();
    }
  }

  private Change change(ClusterEntry entry, UnaryOperator<StoredStrategy> rule) {
    // The storage may call the rule more than once: what the last call saw is what was changed.
    StoredStrategy[] seen = {StoredStrategy.NONE};
    StoredStrategy after =
        storage.update(
            entry.key,
            now -> {
              seen[0] = now;
              return rule.apply(now);
            });
    Strategy selected = Transitions.selected(after);
    if (selected != null) {
      entry.hint = selected;
    }
    return new Change(seen[0], after);
  }

  private static Duration since(long then, long now) {
    return Duration.ofMillis(Math.max(0, now - then));
  }

  /// Closes the storage. Queries that are open can still be cleared.
  @Override
  public void close() {
    storage.close();
  }
}
