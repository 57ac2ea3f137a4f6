package dev.signalbox.strategy;

import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/// Where a call goes: the headers that lead to one stack, and to one planner of it. Immutable and
/// built once, so that a call only copies references.
public final class Route {
  static final Metadata.Key<String> STRATEGY = key("strategy");
  static final Metadata.Key<String> CLUSTER = key("cluster-name");
  static final Metadata.Key<String> PLANNER = key("plannerip");

  /// The longest name of a host is 253 characters; a port may follow.
  private static final int LONGEST_PLANNER = 260;

  private final @Nullable Strategy strategy;
  private final Metadata headers = new Metadata();

  /// @param strategy null when none is known
  Route(ClusterKey cluster, @Nullable Strategy strategy) {
    this.strategy = strategy;
    if (strategy != null) {
      headers.put(STRATEGY, strategy.wire());
    }
    if (!cluster.cluster().isEmpty()) {
      headers.put(CLUSTER, cluster.cluster());
    }
  }

  private Route(Route stack, String planner) {
    strategy = stack.strategy;
    headers.merge(stack.headers);
    headers.put(PLANNER, planner);
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  public @Nullable Strategy strategy() {
    return strategy;
  }

  /// The same stack, by way of the planner that prepared a query.
  ///
  /// @param planner as prepare named it; this route itself when empty
  /// @throws IllegalArgumentException when it cannot stand in a header
  public Route via(String planner) {
    if (planner.isEmpty()) {
      return this;
    }
    if (planner.length() > LONGEST_PLANNER || !fitsHeader(planner)) {
      throw new IllegalArgumentException(
          "The cluster named a planner address that cannot be one: '"
              + Texts.shown(planner)
              + "'.");
    }
    return new Route(this, planner);
  }

  /// Must not be changed by the caller.
  Metadata headers() {
    return headers;
  }

  static boolean fitsHeader(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < 0x20 || text.charAt(i) > 0x7e) {
        return false;
      }
    }
    return true;
  }
}
