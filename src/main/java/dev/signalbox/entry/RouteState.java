package dev.signalbox.entry;

import dev.signalbox.engine.Colour;

/// What of the entry survives a restart.
///
/// @param route where requests go
/// @param generation rises by one with each routing command, also one to where traffic already goes
/// @param epoch the highest fencing epoch that was obeyed
record RouteState(Colour route, long generation, long epoch) {
  RouteState withEpoch(long newer) {
    return new RouteState(route, generation, newer);
  }

  RouteState routedTo(Colour colour, long newer) {
    return new RouteState(colour, generation + 1, newer);
  }
}
