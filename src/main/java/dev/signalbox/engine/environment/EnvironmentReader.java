package dev.signalbox.engine.environment;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.ApplicationSettings.EndpointSettings;
import dev.signalbox.engine.environment.ApplicationSettings.HealthSettings;
import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import dev.signalbox.engine.environment.ApplicationSettings.RouterSettings;
import dev.signalbox.engine.environment.ApplicationSettings.StackSettings;
import dev.signalbox.engine.environment.DatabaseSettings.ServerSettings;
import dev.signalbox.engine.environment.Environment.ReleaseSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns a tree that fits the schema of `signalbox.yaml` into an environment.
final class EnvironmentReader extends SettingsReader {
  EnvironmentReader(YamlFile.Result.Read read) {
    super(read);
  }

  /// Only to be used when there are no problems.
  Environment read() {
    ReleaseSettings usual = ReleaseSettings.defaults();
    ReleaseSettings release =
        new ReleaseSettings(
            duration("/release/stallBudget", usual.stallBudget(), "50ms", "60s"),
            duration("/release/watch", usual.watch(), "0s", "24h"),
            duration("/release/lease", usual.lease(), "1s", "60s"));
    return new Environment(text("/name"), folder(), release, database(), application(), strategy());
  }

  private DatabaseSettings database() {
    Map<Colour, ServerSettings> servers = colours("/database/servers", this::server);
    different(
        "/database/servers",
        servers,
        s -> s.host() + ":" + s.port() + "/" + s.database(),
        "database");
    List<String> schemas =
        node("/database/schemas").isMissingNode() ? List.of("public") : texts("/database/schemas");
    for (int i = 0; i < schemas.size(); i++) {
      if (schemas.get(i).equals("signalbox") || schemas.get(i).startsWith("pg_")) {
        problem(
            "/database/schemas/" + i,
            "'" + schemas.get(i) + "' is not a schema of a service. Remove it from the list.");
      }
    }
    return new DatabaseSettings(
        servers,
        path("/database/migrations"),
        schemas,
        duration("/database/maxLag", Duration.ofSeconds(1), "1ms", "1h"),
        duration("/database/poll", Duration.ofSeconds(1), "100ms", "60s"));
  }

  private ServerSettings server(String at) {
    return new ServerSettings(
        text(at + "/host"),
        node(at + "/port").asInt(),
        text(at + "/database"),
        text(at + "/user"),
        secret(at + "/password"));
  }

  private ApplicationSettings application() {
    HealthSettings usual = HealthSettings.defaults();
    HealthSettings health =
        new HealthSettings(
            duration("/application/health/interval", usual.interval(), "100ms", "60s"),
            duration("/application/health/timeout", usual.timeout(), "50ms", "60s"),
            node("/application/health/rise").asInt(usual.rise()),
            node("/application/health/fall").asInt(usual.fall()));
    RouterSettings router =
        new RouterSettings(
            address("/application/router/address"),
            loopback("/application/router/control"),
            secret("/application/router/token"));
    Map<Colour, StackSettings> stacks = colours("/application/stacks", this::stack);
    different("/application/stacks", stacks, s -> s.databaseFile().toString(), "databaseFile");
    return new ApplicationSettings(health, router, stacks);
  }

  private @Nullable StrategySettings strategy() {
    if (node("/strategy").isMissingNode()) {
      return null;
    }
    return new StrategySettings(
        loopback("/strategy/control"),
        secret("/strategy/token"),
        duration("/strategy/drain", StrategySettings.USUAL_DRAIN, "1s", "1h"),
        duration("/strategy/poll", StrategySettings.USUAL_POLL, "100ms", "60s"));
  }

  private StackSettings stack(String at) {
    return new StackSettings(
        path(at + "/databaseFile"),
        text(at + "/databaseUser"),
        secret(at + "/databasePassword"),
        list(at + "/endpoints", this::endpoint),
        list(at + "/processes", this::process));
  }

  private EndpointSettings endpoint(String at) {
    return new EndpointSettings(
        text(at + "/name"),
        EndpointSettings.Kind.valueOf(text(at + "/kind").toUpperCase(Locale.ROOT)),
        address(at + "/address"),
        texts(at + "/checks"),
        node(at + "/warmUp").isMissingNode() ? List.of() : texts(at + "/warmUp"));
  }

  private ProcessSettings process(String at) {
    Map<String, String> variables = new LinkedHashMap<>();
    node(at + "/variables")
        .properties()
        .forEach(e -> variables.put(e.getKey(), e.getValue().asString()));
    return new ProcessSettings(
        text(at + "/name"), texts(at + "/command"), Map.copyOf(variables), path(at + "/folder"));
  }
}
