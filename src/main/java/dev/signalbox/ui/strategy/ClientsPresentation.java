package dev.signalbox.ui.strategy;

import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.StrategyView.Client;
import dev.signalbox.engine.StrategyView.Fleet;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many clients are in each state of the strategy client.
///
/// @param counts by state; a state that is missing has none
/// @param busiest the state with the most clients; empty when none reports
/// @param sentence what the fleet is about to do
record ClientsPresentation(Map<String, Integer> counts, String busiest, String sentence) {
  /// The states of a client, in the order in which it passes through them.
  static final List<String> STATES =
      List.of("no-strategy", "detecting", "blue", "green", "transitioning", "error");

  static final ClientsPresentation NONE = new ClientsPresentation(Map.of(), "", "");

  int count(String state) {
    return counts.getOrDefault(state, 0);
  }

  static ClientsPresentation of(StrategyView view) {
    Map<String, Integer> counts = new HashMap<>();
    for (Client client : view.clients()) {
      counts.merge(client.state(), 1, Integer::sum);
    }
    String busiest = "";
    for (String state : STATES) {
      if (counts.getOrDefault(state, 0) > counts.getOrDefault(busiest, 0)) {
        busiest = state;
      }
    }
    return new ClientsPresentation(
        Map.copyOf(counts),
        busiest,
        view.reachable() ? sentence(view.fleet()) : Messages.text("strategy.clients.unknown"));
  }

  private static String sentence(Fleet fleet) {
    if (fleet.clients() == 0) {
      return Messages.text("strategy.clients.none");
    }
    return Messages.text(
        "strategy.clients.sentence",
        fleet.clients(),
        Format.count(fleet.pending()),
        Format.count(fleet.pinnedBlue()),
        Format.count(fleet.pinnedGreen()),
        Format.count(fleet.silent()));
  }
}
