package dev.signalbox.engine.environment;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.environment.ApplicationSettings.EndpointSettings;
import dev.signalbox.engine.environment.ApplicationSettings.HealthSettings;
import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import dev.signalbox.engine.environment.ApplicationSettings.RouterSettings;
import dev.signalbox.engine.environment.ApplicationSettings.StackSettings;
import dev.signalbox.engine.environment.DatabaseSettings.PgBouncer;
import dev.signalbox.engine.environment.DatabaseSettings.RouteSettings;
import dev.signalbox.engine.environment.DatabaseSettings.ServerSettings;
import dev.signalbox.engine.environment.DatabaseSettings.StackFile;
import dev.signalbox.engine.environment.Environment.ReleaseSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An environment as the tree of its file: what [EnvironmentReader] reads back to an equal one
/// (durations to the millisecond).
final class EnvironmentTree {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path folder;

  EnvironmentTree(Path folder) {
    this.folder = folder;
  }

  ObjectNode of(Environment e) {
    ObjectNode tree = JSON.createObjectNode().put("name", e.name());
    tree.set("release", release(e.release()));
    if (e.journal() != null) {
      tree.putObject("journal").set("server", server(e.journal()));
    }
    for (DatabaseSettings database : e.databases()) {
      if (database.name().isEmpty()) {
        tree.set("database", database(database));
      } else {
        tree.withObjectProperty("databases").set(database.name(), database(database));
      }
    }
    if (e.application() != null) {
      tree.set("application", application(e.application()));
    }
    if (e.strategy() != null) {
      tree.set("strategy", strategy(e.strategy()));
    }
    return tree;
  }

  private static ObjectNode release(ReleaseSettings release) {
    return JSON.createObjectNode()
        .put("stallBudget", text(release.stallBudget()))
        .put("watch", text(release.watch()))
        .put("lease", text(release.lease()));
  }

  private ObjectNode database(DatabaseSettings database) {
    ObjectNode node = JSON.createObjectNode();
    database.migrations().ifPresent(path -> node.put("migrations", path(path)));
    node.set("schemas", list(database.schemas()));
    node.put("maxLag", text(database.maxLag())).put("poll", text(database.poll()));
    node.set("servers", both(database.servers(), this::server));
    if (!database.routes().isEmpty()) {
      ArrayNode routes = node.putArray("routes");
      for (RouteSettings route : database.routes()) {
        switch (route) {
          case RouteSettings.Files(Map<Colour, StackFile> stacks) ->
              routes.addObject().set("file", both(stacks, this::stackFile));
          case RouteSettings.SharedFile(StackFile file) ->
              routes.addObject().set("file", stackFile(file));
          case RouteSettings.PgBouncers(List<PgBouncer> instances) -> {
            ArrayNode all = routes.addObject().putArray("pgbouncer");
            instances.forEach(one -> all.add(pgbouncer(one)));
          }
          case RouteSettings.Command command -> routes.addObject().set("command", command(command));
          case RouteSettings.MultiHost() -> {
            ObjectNode nothing = routes.addObject().putObject("multiHost");
            assert nothing.isEmpty();
          }
        }
      }
    }
    return node;
  }

  private ObjectNode server(ServerSettings server) {
    ObjectNode node = JSON.createObjectNode();
    server.service().ifPresent(service -> node.put("service", service));
    addresses(node, server.addresses());
    node.put("database", server.database()).put("user", server.user());
    password(server.password()).ifPresent(password -> node.set("password", password));
    if (!server.tls().equals(TlsSettings.DEFAULT)) {
      node.set("tls", tls(server.tls()));
    }
    if (!server.peer().equals(PeerSettings.like(server.addresses(), server.tls()))) {
      ObjectNode peer = node.putObject("peer");
      addresses(peer, server.peer().addresses());
      ObjectNode tls = peer.putObject("tls").put("mode", server.peer().mode().id());
      server.peer().rootCert().ifPresent(rootCert -> tls.put("rootCert", rootCert));
    }
    return node;
  }

  private static void addresses(ObjectNode node, List<ServerAddress> addresses) {
    if (addresses.size() == 1) {
      node.put("host", addresses.getFirst().host()).put("port", addresses.getFirst().port());
      return;
    }
    ArrayNode hosts = node.putArray("hosts");
    addresses.forEach(one -> hosts.addObject().put("host", one.host()).put("port", one.port()));
  }

  /// Empty when it is found without a key in the file.
  private Optional<ObjectNode> password(PasswordSource source) {
    return switch (source) {
      case SecretSource secret -> Optional.of(secret(secret));
      case PasswordSource.InPassFile(Path path) ->
          Optional.of(JSON.createObjectNode().put("passfile", path(path)));
      case PasswordSource.InService _, PasswordSource.None _, PasswordSource.Known _ ->
          Optional.empty();
    };
  }

  private ObjectNode tls(TlsSettings tls) {
    ObjectNode node = JSON.createObjectNode().put("mode", tls.mode().id());
    tls.rootCert().ifPresent(path -> node.put("rootCert", path(path)));
    tls.cert().ifPresent(path -> node.put("cert", path(path)));
    tls.key().ifPresent(path -> node.put("key", path(path)));
    tls.keyPassword().ifPresent(source -> node.set("keyPassword", secret(source)));
    return node;
  }

  private ObjectNode pgbouncer(PgBouncer one) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("host", one.host())
            .put("port", one.port())
            .put("user", one.user());
    node.set("password", secret(one.password()));
    node.put("database", one.database()).put("ini", path(one.ini())).put("tls", one.tls().id());
    one.rootCertificate().ifPresent(file -> node.put("rootCertificate", path(file)));
    return node;
  }

  private static ObjectNode command(RouteSettings.Command command) {
    ObjectNode node = JSON.createObjectNode();
    node.set("run", list(command.run()));
    if (!command.check().isEmpty()) {
      node.set("check", list(command.check()));
    }
    return node.put("timeout", text(command.timeout()));
  }

  private ObjectNode stackFile(StackFile file) {
    ObjectNode node =
        JSON.createObjectNode().put("path", path(file.path())).put("user", file.user());
    node.set("password", secret(file.password()));
    file.acknowledge().ifPresent(address -> node.put("acknowledge", address.toString()));
    return node;
  }

  private ObjectNode application(ApplicationSettings application) {
    ObjectNode node = JSON.createObjectNode();
    HealthSettings health = application.health();
    node.putObject("health")
        .put("interval", text(health.interval()))
        .put("timeout", text(health.timeout()))
        .put("rise", health.rise())
        .put("fall", health.fall());
    node.set("router", router(application.router()));
    node.set("stacks", both(application.stacks(), this::stack));
    return node;
  }

  private ObjectNode router(RouterSettings router) {
    ObjectNode node = JSON.createObjectNode().put("address", router.address().toString());
    switch (router) {
      case RouterSettings.Entry entry -> {
        node.put("control", entry.control().toString());
        node.set("token", secret(entry.token()));
      }
    }
    return node;
  }

  private ObjectNode stack(StackSettings stack) {
    ObjectNode node = JSON.createObjectNode();
    ArrayNode endpoints = node.putArray("endpoints");
    for (EndpointSettings endpoint : stack.endpoints()) {
      ObjectNode one =
          endpoints
              .addObject()
              .put("name", endpoint.name())
              .put("address", endpoint.address().toString());
      one.set("checks", list(endpoint.checks()));
      if (!endpoint.warmUp().isEmpty()) {
        one.set("warmUp", list(endpoint.warmUp()));
      }
    }
    if (!stack.processes().isEmpty()) {
      ArrayNode processes = node.putArray("processes");
      stack.processes().forEach(process -> processes.add(process(process)));
    }
    return node;
  }

  private ObjectNode process(ProcessSettings process) {
    ObjectNode node = JSON.createObjectNode().put("name", process.name());
    node.set("command", list(process.command()));
    node.put("folder", path(process.folder()));
    if (!process.variables().isEmpty()) {
      ObjectNode variables = node.putObject("variables");
      new TreeMap<>(process.variables()).forEach(variables::put);
    }
    return node;
  }

  private ObjectNode strategy(StrategySettings strategy) {
    ObjectNode node = JSON.createObjectNode().put("control", strategy.control().toString());
    node.set("token", secret(strategy.token()));
    return node.put("drain", text(strategy.drain())).put("poll", text(strategy.poll()));
  }

  private ObjectNode secret(SecretSource source) {
    return switch (source) {
      case SecretSource.InFile(Path path) -> JSON.createObjectNode().put("file", path(path));
      case SecretSource.InVariable(String name) -> JSON.createObjectNode().put("env", name);
      case SecretSource.InVault(Path _, String name) -> JSON.createObjectNode().put("vault", name);
    };
  }

  private String path(Path path) {
    boolean inside = path.startsWith(folder) && !path.equals(folder);
    return inside ? folder.relativize(path).toString() : path.toString();
  }

  private static String text(Duration duration) {
    return DurationText.format(duration);
  }

  private static ArrayNode list(List<String> texts) {
    ArrayNode node = JSON.createArrayNode();
    texts.forEach(node::add);
    return node;
  }

  private static <T> ObjectNode both(Map<Colour, T> both, Function<T, ObjectNode> tree) {
    ObjectNode node = JSON.createObjectNode();
    for (Colour colour : Colour.values()) {
      T value = Objects.requireNonNull(both.get(colour), () -> colour + " is missing");
      node.set(colour.id(), tree.apply(value));
    }
    return node;
  }
}
