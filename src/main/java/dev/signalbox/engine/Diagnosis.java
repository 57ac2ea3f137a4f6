package dev.signalbox.engine;

import java.util.List;

/// What a look at one database of an environment found, before any release.
///
/// @param database its name; empty when the environment has only one
/// @param findings those that block first
public record Diagnosis(String database, List<Finding> findings) {
  public Diagnosis {
    findings =
        findings.stream()
            .sorted(java.util.Comparator.comparing(finding -> !finding.blocks()))
            .toList();
  }

  /// Whether a release could begin.
  public boolean fit() {
    return findings.stream().noneMatch(Finding::blocks);
  }
}
