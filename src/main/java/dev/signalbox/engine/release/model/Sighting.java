package dev.signalbox.engine.release.model;

import dev.signalbox.engine.Colour;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What one plane sees in use.
///
/// @param plane its id
/// @param live the stack that it sees in use; empty when none, both or not known
public record Sighting(String plane, Optional<Colour> live) {
  @Override
  public String toString() {
    return plane + " " + live.map(Colour::toString).orElse("not known");
  }

  /// For example `database BLUE, application not known`.
  public static String list(List<Sighting> sightings) {
    return sightings.stream().map(Sighting::toString).collect(Collectors.joining(", "));
  }

  /// Why it is not seen everywhere that a stack is live; empty when it is.
  public static Optional<String> objection(List<Sighting> sightings, Colour stack) {
    return sightings.stream().allMatch(s -> s.live().equals(Optional.of(stack)))
        ? Optional.empty()
        : Optional.of(
            "It is not seen everywhere that " + stack + " is live: " + list(sightings) + ".");
  }

  /// The one stack that is seen; empty when they differ or none is seen.
  public static Optional<Colour> agreed(List<Sighting> sightings) {
    List<Colour> seen = sightings.stream().flatMap(s -> s.live().stream()).distinct().toList();
    return seen.size() == 1 ? Optional.of(seen.getFirst()) : Optional.empty();
  }
}
