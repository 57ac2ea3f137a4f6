package dev.signalbox.engine.environment;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.ApplicationSettings.EndpointSettings;
import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import dev.signalbox.engine.environment.ApplicationSettings.StackSettings;
import dev.signalbox.engine.environment.DatabaseSettings.ServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/// Writes an environment as a complete `signalbox.yaml` with a comment on everything. What it
/// writes, [EnvironmentFile] reads back to an equal environment (durations to the millisecond).
public final class EnvironmentWriter {
  private final StringBuilder out = new StringBuilder();
  private final Path folder;

  private EnvironmentWriter(Path folder) {
    this.folder = folder;
  }

  /// The text of the file, to be stored in [Environment#folder].
  public static String write(Environment environment) {
    return new EnvironmentWriter(environment.folder()).text(environment);
  }

  private String text(Environment e) {
    line(0, "# One service with a blue and a green stack. Durations: 500ms, 5s, 2m, 1h.");
    line(
        0,
        "# Relative paths start at the folder of this file. Secrets are never written here: each is in a file");
    line(
        0,
        "# that only its owner may read, { file: PATH }, or in an environment variable, { env: NAME }.");
    line(0, "# Typed by the operator to confirm what destroys.");
    line(0, "name: " + quote(e.name()));
    line(0, "");
    line(0, "release:");
    setting(
        1,
        "stallBudget",
        e.release().stallBudget(),
        "a cutover that holds writes longer is undone; 50ms to 60s");
    setting(
        1,
        "watch",
        e.release().watch(),
        "how long the target is watched after the cutover; 0s to 24h");
    setting(
        1,
        "lease",
        e.release().lease(),
        "without a sign of life, another console may take over; 1s to 60s");
    line(0, "");
    database(e.database());
    line(0, "");
    application(e.application());
    StrategySettings strategy = e.strategy();
    if (strategy != null) {
      line(0, "");
      strategy(strategy);
    }
    return out.toString();
  }

  private void database(DatabaseSettings database) {
    line(0, "database:");
    line(1, "# V…__….sql go forward, U…__….sql go back.");
    line(1, "migrations: " + path(database.migrations()));
    line(1, "schemas: " + list(database.schemas()) + "  # whose tables belong to the service");
    setting(1, "maxLag", database.maxLag(), "above this the gate is closed; 1ms to 1h");
    setting(1, "poll", database.poll(), "how often to look; 100ms to 60s");
    line(1, "servers:");
    for (Colour colour : Colour.values()) {
      ServerSettings server = of(database.servers(), colour);
      line(2, colour.id() + ":");
      line(3, "host: " + quote(server.host()) + "  # as the console and the other server reach it");
      line(3, "port: " + server.port());
      line(3, "database: " + quote(server.database()));
      line(3, "user: " + quote(server.user()));
      line(3, "password: " + secret(server.password()));
    }
  }

  private void application(ApplicationSettings application) {
    line(0, "application:");
    line(1, "health:");
    setting(2, "interval", application.health().interval(), "between checks; 100ms to 60s");
    setting(2, "timeout", application.health().timeout(), "of one check; 50ms to 60s");
    line(
        2,
        "rise: " + application.health().rise() + "  # successes in a row until healthy; 1 to 10");
    line(
        2,
        "fall: " + application.health().fall() + "  # failures in a row until unhealthy; 1 to 10");
    line(1, "router:");
    line(
        2,
        "address: "
            + quote(application.router().address().toString())
            + "  # where clients reach the service");
    line(
        2,
        "control: "
            + quote(application.router().control().toString())
            + "  # for the console; loopback only");
    line(2, "token: " + secret(application.router().token()));
    line(1, "stacks:");
    for (Colour colour : Colour.values()) {
      line(2, colour.id() + ":");
      stack(of(application.stacks(), colour));
    }
  }

  private void strategy(StrategySettings strategy) {
    line(0, "strategy:");
    line(
        1,
        "control: "
            + quote(strategy.control().toString())
            + "  # of the query cluster, for the console; loopback only");
    line(1, "token: " + secret(strategy.token()));
    setting(
        1,
        "drain",
        strategy.drain(),
        "how long a move waits for the old stack's queries; 1s to 1h");
    setting(1, "poll", strategy.poll(), "how often to look; 100ms to 60s");
  }

  private void stack(StackSettings stack) {
    line(
        3,
        "databaseFile: "
            + path(stack.databaseFile())
            + "  # the console writes it, the application watches it");
    line(
        3,
        "databaseUser: "
            + quote(stack.databaseUser())
            + "  # the application's role, not the console's");
    line(3, "databasePassword: " + secret(stack.databasePassword()));
    line(3, "endpoints:");
    for (EndpointSettings endpoint : stack.endpoints()) {
      line(4, "- name: " + quote(endpoint.name()));
      line(
          5,
          "kind: "
              + endpoint.kind().name().toLowerCase(Locale.ROOT)
              + "  # a backend acknowledges its database");
      line(5, "address: " + quote(endpoint.address().toString()));
      line(5, "checks: " + list(endpoint.checks()) + "  # must answer 200");
      if (!endpoint.warmUp().isEmpty()) {
        line(
            5,
            "warmUp: "
                + list(endpoint.warmUp())
                + "  # asked just before traffic comes; must answer 200, and change nothing");
      }
    }
    if (stack.processes().isEmpty()) {
      return;
    }
    line(3, "processes:  # started by the console; leave out what something else runs");
    for (ProcessSettings process : stack.processes()) {
      line(4, "- name: " + quote(process.name()));
      line(5, "command: " + list(process.command()));
      line(5, "folder: " + path(process.folder()));
      if (!process.variables().isEmpty()) {
        line(5, "variables:");
        new TreeMap<>(process.variables())
            .forEach((name, value) -> line(6, name + ": " + quote(value)));
      }
    }
  }

  private void setting(int depth, String name, Duration value, String comment) {
    line(depth, name + ": " + DurationText.format(value) + "  # " + comment);
  }

  private void line(int depth, String text) {
    out.append("  ".repeat(text.isEmpty() ? 0 : depth)).append(text).append('\n');
  }

  private String secret(SecretSource source) {
    return switch (source) {
      case SecretSource.InFile(Path path) -> "{ file: " + path(path) + " }";
      case SecretSource.InVariable(String name) -> "{ env: " + quote(name) + " }";
    };
  }

  private String path(Path path) {
    boolean inside = path.startsWith(folder) && !path.equals(folder);
    return quote(inside ? folder.relativize(path).toString() : path.toString());
  }

  private static String list(List<String> texts) {
    return texts.stream().map(EnvironmentWriter::quote).collect(Collectors.joining(", ", "[", "]"));
  }

  /// JSON's quotes are YAML's too.
  private static String quote(String text) {
    return JsonMapper.shared().writeValueAsString(text);
  }

  private static <T> T of(java.util.Map<Colour, T> both, Colour colour) {
    T value = both.get(colour);
    if (value == null) {
      throw new IllegalArgumentException(colour + " is missing");
    }
    return value;
  }
}
