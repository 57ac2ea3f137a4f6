package dev.signalbox.cli;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Health;
import dev.signalbox.engine.SizeText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What `status` says of the stacks: application and database of each, and what runs between them.
/// Several databases get a block each. A plane that the environment does not have is left out.
final class StackStatus {
  private StackStatus() {}

  static void write(EngineSnapshot s, StatusLines lines) {
    List<DatabaseView> databases = s.databases();
    boolean application = s.mayHave(ApplicationView.class);
    boolean several = databases.size() > 1;
    for (Colour colour : Colour.values()) {
      List<String> parts = new ArrayList<>();
      if (application) {
        parts.add(application(s.application(), colour));
      }
      if (!several && s.mayHave(DatabaseView.class)) {
        parts.add("database " + server(s.database(), colour));
      }
      if (!parts.isEmpty()) {
        lines.add(StatusLines.name(colour), String.join("; ", parts));
      }
    }
    if (application) {
      entry(s.application(), lines);
    }
    for (DatabaseView database : databases) {
      String indent = several ? "  " : "";
      if (several) {
        lines.add("database", database.name());
        for (Colour colour : Colour.values()) {
          lines.add(indent + StatusLines.name(colour), server(database, colour));
        }
      }
      lines.add(indent + "forward", direction(database.replication().forward()));
      lines.add(indent + "reverse", direction(database.replication().reverse()));
      for (Colour colour : Colour.values()) {
        for (DatabaseView.Blocker blocker : database.blockers().getOrDefault(colour, List.of())) {
          lines.add(indent + "in the way", blocker + " on " + colour);
        }
      }
      for (DatabaseView.Route route : database.routes()) {
        lines.add(indent + "route", route(route));
      }
    }
  }

  private static String application(@Nullable ApplicationView view, Colour colour) {
    ApplicationView.Stack stack = view == null ? null : view.stacks().get(colour);
    if (stack == null) {
      return "application not seen yet";
    }
    String health =
        stack.health() == Health.UNKNOWN
            ? "with health not known yet"
            : stack.health().name().toLowerCase(Locale.ROOT);
    return "application " + (stack.version().isEmpty() ? health : stack.version() + " " + health);
  }

  private static void entry(@Nullable ApplicationView application, StatusLines lines) {
    if (application == null || application.at().equals(Instant.EPOCH)) {
      lines.add("entry", "not asked yet");
    } else if (!application.router().reachable()) {
      lines.add("entry", "✗ does not answer");
    }
  }

  private static String server(@Nullable DatabaseView view, Colour colour) {
    DatabaseView.Server server = view == null ? null : view.servers().get(colour);
    if (server == null) {
      return "not seen yet";
    } else if (!server.asked()) {
      return "not asked yet";
    } else if (!server.reachable()) {
      return "does not answer: " + server.problem();
    }
    return (server.access() == DatabaseView.Access.UNKNOWN
            ? "with access not known"
            : server.access().name().toLowerCase(Locale.ROOT).replace('_', '-'))
        + ", PostgreSQL "
        + server.serverVersion()
        + switch (server.encryption()) {
          case TLS -> " (encrypted), ";
          case NONE -> " (not encrypted), ";
          case UNKNOWN -> ", ";
        }
        + SizeText.words(server.size())
        + ", schema "
        + (server.schemaVersion().isEmpty() ? "none" : server.schemaVersion());
  }

  private static String route(DatabaseView.Route route) {
    Colour leads = route.leads();
    return (route.problem().isEmpty() ? "" : "✗ ")
        + route.name()
        + " leads to "
        + (leads == null ? "a side that is not known" : leads)
        + (route.paused() ? ", transactions wait" : "")
        + (route.problem().isEmpty() ? "" : ": " + route.problem());
  }

  private static String direction(DatabaseView.Direction d) {
    String state = d.state().name().toLowerCase(Locale.ROOT);
    if (d.state() == DatabaseView.Direction.State.ABSENT) {
      return state;
    } else if (d.state() == DatabaseView.Direction.State.UNKNOWN) {
      return d.problem().isEmpty() ? "not known yet" : "not known: " + d.problem();
    }
    Duration lag = d.lag();
    return state
        + ", lag "
        + (lag == null ? "unknown" : DurationText.words(lag))
        + " ("
        + (d.lagBytes() < 0 ? "unknown" : SizeText.words(d.lagBytes()))
        + ")"
        + (d.problem().isEmpty() ? "" : ": " + d.problem());
  }
}
