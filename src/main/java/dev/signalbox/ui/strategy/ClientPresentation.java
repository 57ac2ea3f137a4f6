package dev.signalbox.ui.strategy;

import dev.signalbox.engine.StrategyView.Client;
import dev.signalbox.engine.StrategyView.Pinned;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Words;
import java.util.ArrayList;
import java.util.List;

/// The selected client in full.
///
/// @param facts one a line
/// @param error its last error; empty when none
/// @param pinned its pinned queries, one a line; empty when none
record ClientPresentation(
    String name, String facts, String error, String pinnedTitle, String pinned) {
  static ClientPresentation of(Client client, boolean there) {
    List<String> facts = new ArrayList<>();
    if (!there) {
      facts.add(Messages.text("detail.gone"));
    } else if (FleetViewModel.isSilent(client)) {
      facts.add(Messages.text("detail.silent", Format.duration(client.age())));
    }
    facts.add(Messages.text("detail.id", client.id()));
    facts.add(Messages.text("detail.user", client.user(), client.peer()));
    facts.add(
        Messages.text(
            "detail.calls",
            Format.count(client.calls()),
            Format.count(client.failedCalls()),
            Format.count(client.wrongStrategy())));
    facts.add(
        Messages.text(
            "detail.cache",
            Format.count(client.cacheHits()),
            Format.count(client.cacheMisses()),
            Format.count(client.transitions())));
    List<String> pinned = new ArrayList<>();
    for (Pinned each : client.pinned()) {
      pinned.add(
          Messages.text(
              "detail.pinned.line",
              Words.mark(each.colour()),
              Format.duration(each.age()),
              each.queryId()));
    }
    if (client.pinnedCount() > client.pinned().size()) {
      int more = client.pinnedCount() - client.pinned().size();
      pinned.add(Messages.text("detail.pinned.more", Format.count(more)));
    }
    return new ClientPresentation(
        client.name(),
        String.join("\n", facts),
        client.lastError(),
        Messages.text("detail.pinned", Format.count(client.pinnedCount())),
        pinned.isEmpty() ? Messages.text("detail.pinned.none") : String.join("\n", pinned));
  }
}
