package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.conductor.SimFaults.Fault;
import dev.signalbox.engine.release.conductor.SimNet.Node;
import java.util.function.UnaryOperator;

/// A console as the planes and steps of the simulation need it.
///
/// @param seat its number
/// @param settled whether what decides a move is read when nothing can commit behind the look
/// @param change what a mutant makes of each step
/// @param die ends it
record SimConsole(
    int seat,
    SimScheduler scheduler,
    SimFaults faults,
    SimNet net,
    SimWorld world,
    SimTrace trace,
    boolean settled,
    UnaryOperator<Step> change,
    Runnable die) {
  /// From here on nothing is done any more by whoever calls.
  void dies() {
    die.run();
    scheduler.current().dieIfDead();
  }

  boolean sees(Node node) {
    return net.seen(seat, node) == SimNet.State.UP;
  }

  /// Asks a database or the entry.
  void reach(Node node) {
    switch (net.seen(seat, node)) {
      case AWAY -> throw new IllegalStateException(node + " takes no connections");
      case HANGS -> throw new SimExecution.Hang(null);
      case UP -> {}
    }
  }

  /// Something may come in between, also the end of the console.
  void interlude(String place) {
    if (scheduler.inTask()) {
      if (faults.at(place, Fault.DIES_BEFORE) != null) {
        dies();
      }
      scheduler.pause();
    }
  }
}
