package dev.signalbox.cli;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.PlaneView;
import dev.signalbox.engine.StrategyView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What of an environment answers, does not, or was not asked yet. A plane that the environment
/// does not have is none of these.
final class Reachability {
  private Reachability() {}

  /// What does not answer, by its name; empty when everything does.
  static List<String> silent(EngineSnapshot snapshot) {
    ApplicationView application = snapshot.application();
    StrategyView strategy = snapshot.strategy();
    List<String> silent = new ArrayList<>();
    for (DatabaseView database : snapshot.databases()) {
      for (Colour colour : Colour.values()) {
        DatabaseView.Server server = database.servers().get(colour);
        if (server != null && server.asked() && !server.reachable()) {
          silent.add(database.title(colour));
        }
      }
    }
    if (application != null && asked(application) && !application.router().reachable()) {
      silent.add("the entry");
    }
    if (strategy != null && asked(strategy) && !strategy.reachable()) {
      silent.add("the query cluster");
    }
    return silent;
  }

  /// What was not asked yet, by its name; empty when everything was.
  static List<String> unasked(EngineSnapshot snapshot) {
    List<String> unasked = new ArrayList<>();
    if (snapshot.planes().isEmpty()) {
      unasked.add("the environment");
    }
    for (DatabaseView database : snapshot.databases()) {
      for (Colour colour : Colour.values()) {
        DatabaseView.Server server = database.servers().get(colour);
        if (server == null || !server.asked()) {
          unasked.add(database.title(colour));
        }
      }
    }
    ApplicationView application = snapshot.application();
    if (application != null && !asked(application)) {
      unasked.add("the entry");
    }
    StrategyView strategy = snapshot.strategy();
    if (strategy != null && !asked(strategy)) {
      unasked.add("the query cluster");
    }
    if (!snapshot.lease().asked()) {
      unasked.add("those that give the lease");
    }
    return unasked;
  }

  /// Whether the journal was read, every plane has looked, and so has who asks for the lease.
  static boolean looked(EngineSnapshot snapshot) {
    return snapshot.journalReadAt() != null && unasked(snapshot).isEmpty();
  }

  private static boolean asked(PlaneView view) {
    return view.at().isAfter(Instant.EPOCH);
  }
}
