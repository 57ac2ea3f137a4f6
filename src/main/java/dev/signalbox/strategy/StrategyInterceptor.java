package dev.signalbox.strategy;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Sends each call to the right stack: puts the headers on, reads announcements from responses,
/// recognises refusals, repeats what may be repeated, and gives a deadline to unary calls that have
/// none. Put it last among a channel's interceptors, nearest to the wire. Thread-safe.
///
/// A call goes where its [#ROUTE] says, or, without one, where a new query would go.
public final class StrategyInterceptor implements ClientInterceptor {
  /// Where a call goes, for example [QueryHandle#route()]:
  /// `stub.withOption(StrategyInterceptor.ROUTE, handle.route())`.
  public static final CallOptions.Key<Route> ROUTE = CallOptions.Key.create("strategy-route");

  private final StrategyManager manager;
  private final ClusterEntry entry;
  private final Map<String, MethodWatch> watches;
  private final long callNanos;
  private final long queryNanos;

  /// @throws IllegalArgumentException when the cluster's name cannot stand in a header
  public StrategyInterceptor(StrategyManager manager, ClusterKey key) {
    this.manager = manager;
    entry = manager.entry(key);
    watches =
        WireMethod.METHODS.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey,
                    wire -> new MethodWatch(manager, entry, wire.getKey(), wire.getValue())));
    callNanos = manager.config().callTimeout().toNanos();
    queryNanos = manager.config().prepareTimeout().toNanos();
  }

  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    Route pinned = options.getOption(ROUTE);
    Route route = pinned == null ? manager.current(entry) : pinned;
    MethodWatch watch = watch(method.getFullMethodName());
    WireMethod rules = watch.rules();
    boolean unary = method.getType() == MethodDescriptor.MethodType.UNARY;
    // A stream has no natural end: only its owner knows how long it may last.
    CallOptions timed =
        unary && options.getDeadline() == null
            ? options.withDeadlineAfter(
                rules.asLongAsTheQuery() ? queryNanos : callNanos, TimeUnit.NANOSECONDS)
            : options;
    return unary && rules.repeatable()
        ? new RepeatingCall<>(next, method, timed, watch, route, manager.config().retryAttempts())
        : new SingleCall<>(next.newCall(method, timed), watch, route);
  }

  private MethodWatch watch(String method) {
    MethodWatch known = watches.get(method);
    return known == null ? new MethodWatch(manager, entry, method, WireMethod.OTHER) : known;
  }
}
