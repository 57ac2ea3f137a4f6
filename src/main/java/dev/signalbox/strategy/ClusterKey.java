package dev.signalbox.strategy;

import java.util.Locale;

/// What has a strategy of its own: one cluster behind one target. Never one for the whole process.
///
/// @param target as the channel was built with, for example `planner.example:443`; not blank
/// @param cluster the cluster's name in lower case; empty when the target has only one
public record ClusterKey(String target, String cluster) {
  /// @throws IllegalArgumentException when the target is blank
  public ClusterKey {
    if (target.isBlank()) {
      throw new IllegalArgumentException("A cluster needs a target, for example 'localhost:7000'.");
    }
    cluster = cluster.strip().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return cluster.isEmpty() ? target : cluster + " at " + target;
  }
}
