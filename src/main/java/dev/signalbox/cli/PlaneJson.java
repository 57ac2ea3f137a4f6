package dev.signalbox.cli;

import static dev.signalbox.cli.JsonValues.id;
import static dev.signalbox.cli.JsonValues.known;
import static dev.signalbox.cli.JsonValues.millis;
import static dev.signalbox.cli.JsonValues.time;
import static dev.signalbox.cli.JsonValues.word;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.StrategyView;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What each plane saw, as pipelines read it.
final class PlaneJson {
  /// Of the open queries, the oldest ones.
  private static final int SHOWN_QUERIES = 20;

  private static final JsonNodeFactory MAKE = JsonNodeFactory.instance;

  private PlaneJson() {}

  static ObjectNode database(DatabaseView d) {
    ObjectNode node = MAKE.objectNode().put("at", time(d.at()));
    for (Colour colour : Colour.values()) {
      DatabaseView.Server s = d.servers().get(colour);
      if (s != null) {
        // What it said before it fell silent is not what is.
        boolean seen = s.reachable();
        ObjectNode side =
            node.putObject(colour.id())
                .put("reachable", seen)
                .put("problem", s.problem())
                .put("version", seen ? s.serverVersion() : null)
                .put("encrypted", encrypted(s.encryption()))
                .put("access", word(s.access()))
                .put("bytes", seen ? s.size() : null)
                .put("schemaVersion", seen ? s.schemaVersion() : null)
                .put("pendingMigrations", seen ? known(s.pendingMigrations()) : null);
        side.set("application", application(d.applications().get(colour)));
        side.set("blockers", blockers(d.blockers().get(colour)));
      }
    }
    node.set("forward", direction(d.replication().forward()));
    node.set("reverse", direction(d.replication().reverse()));
    ArrayNode routes = node.putArray("routes");
    for (DatabaseView.Route route : d.routes()) {
      routes
          .addObject()
          .put("name", route.name())
          .put("leads", id(route.leads()))
          .put("paused", route.paused())
          .put("problem", route.problem());
    }
    boolean known =
        d.consistency().state() != DatabaseView.Consistency.State.NOT_RUN
            || d.servers().values().stream().allMatch(DatabaseView.Server::reachable);
    return node.put("consistency", known ? word(d.consistency().state()) : null);
  }

  private static @Nullable Boolean encrypted(DatabaseView.Encryption encryption) {
    return switch (encryption) {
      case UNKNOWN -> null;
      case NONE -> false;
      case TLS -> true;
    };
  }

  /// What a move would have to wait for; null when that is not seen.
  private static JsonNode blockers(@Nullable List<DatabaseView.Blocker> blockers) {
    if (blockers == null) {
      return MAKE.nullNode();
    }
    ArrayNode all = MAKE.arrayNode();
    for (DatabaseView.Blocker blocker : blockers) {
      millis(
          all.addObject()
              .put("kind", word(blocker.kind()))
              .put("pid", blocker.pid() == 0 ? null : blocker.pid())
              .put("database", blocker.database())
              .put("role", blocker.role())
              .put("query", blocker.query()),
          "ageMs",
          blocker.age());
    }
    return all;
  }

  /// What the applications of a side acknowledge; null when they cannot say it.
  private static JsonNode application(DatabaseView.@Nullable Application said) {
    return said == null
        ? MAKE.nullNode()
        : MAKE.objectNode()
            .put("database", id(said.acknowledged()))
            .put("generation", said.generation())
            .put("problem", said.problem());
  }

  private static ObjectNode direction(DatabaseView.Direction d) {
    ObjectNode node =
        MAKE.objectNode().put("state", word(d.state())).put("lagBytes", known(d.lagBytes()));
    return millis(node, "lagMs", d.lag()).put("problem", d.problem());
  }

  static ObjectNode application(ApplicationView a) {
    ObjectNode node = MAKE.objectNode().put("at", time(a.at()));
    for (Colour colour : Colour.values()) {
      ApplicationView.Stack s = a.stacks().get(colour);
      if (s != null) {
        node.putObject(colour.id())
            .put("health", word(s.health()))
            .put("version", s.version().isEmpty() ? null : s.version());
      }
    }
    boolean seen = a.router().reachable();
    node.putObject("router")
        .put("reachable", seen)
        .put("intended", id(a.router().intended()))
        .put("observed", id(a.router().observed()))
        .put("holding", seen ? a.router().holding() : null)
        .put("held", seen ? a.router().held() : null);
    return node;
  }

  static ObjectNode strategy(StrategyView v) {
    ObjectNode node =
        MAKE.objectNode()
            .put("at", time(v.at()))
            .put("reachable", v.reachable())
            .put("problem", v.problem())
            .put("phase", word(v.phase()))
            .put("live", id(v.live()))
            .put("announced", id(v.announced()));
    if (!v.reachable()) {
      List.of("suspended", "blue", "green", "queries", "clients", "wrongStrategyShare")
          .forEach(node::putNull);
      return node;
    }
    node.put("suspended", v.suspended());
    for (Colour colour : Colour.values()) {
      StrategyView.Engine e = v.engines().get(colour);
      if (e != null) {
        millis(
            node.putObject(colour.id())
                .put("reachable", e.reachable())
                .put("problem", e.problem())
                .put("openQueries", e.openQueries()),
            "oldestQueryMs",
            e.oldestQuery().isZero() ? null : e.oldestQuery());
      }
    }
    ArrayNode queries = node.putArray("queries");
    v.queries().stream()
        .limit(SHOWN_QUERIES)
        .forEach(query ->
            millis(
                queries
                    .addObject()
                    .put("id", query.id())
                    .put("stack", query.colour().id())
                    .put("user", query.user())
                    .put("client", query.client())
                    .put("state", query.state()),
                "ageMs",
                query.age()));
    node.putObject("clients")
        .put("reporting", v.fleet().clients())
        .put("silent", v.fleet().silent())
        .put("blue", v.fleet().blue())
        .put("green", v.fleet().green())
        .put("none", v.fleet().none())
        .put("pending", v.fleet().pending());
    return node.put("wrongStrategyShare", v.rates().wrongStrategyShare());
  }
}
