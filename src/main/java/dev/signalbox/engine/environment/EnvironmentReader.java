package dev.signalbox.engine.environment;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.ApplicationSettings.EndpointSettings;
import dev.signalbox.engine.environment.ApplicationSettings.HealthSettings;
import dev.signalbox.engine.environment.ApplicationSettings.ProcessSettings;
import dev.signalbox.engine.environment.ApplicationSettings.RouterSettings;
import dev.signalbox.engine.environment.ApplicationSettings.StackSettings;
import dev.signalbox.engine.environment.DatabaseSettings.ServerSettings;
import dev.signalbox.engine.environment.Environment.ReleaseSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Turns a tree that fits the schema into settings, and checks what a schema cannot say: ranges of
/// durations, addresses, files of secrets, and things that must not be the same.
final class EnvironmentReader {
  private final Path folder;
  private final JsonNode root;
  private final Places places;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  EnvironmentReader(Path file, JsonNode root, Places places) {
    this.folder = Objects.requireNonNull(file.toAbsolutePath().normalize().getParent());
    this.root = root;
    this.places = places;
  }

  List<Problem> problems() {
    return problems;
  }

  List<Problem> warnings() {
    return warnings;
  }

  /// Only to be used when there are no problems.
  Environment read() {
    ReleaseSettings usual = ReleaseSettings.defaults();
    ReleaseSettings release =
        new ReleaseSettings(
            duration("/release/stallBudget", usual.stallBudget(), "50ms", "60s"),
            duration("/release/watch", usual.watch(), "0s", "24h"),
            duration("/release/lease", usual.lease(), "1s", "60s"));
    return new Environment(text("/name"), folder, release, database(), application(), strategy());
  }

  private DatabaseSettings database() {
    Map<Colour, ServerSettings> servers = colours("/database/servers", this::server);
    different(
        "/database/servers",
        servers,
        s -> s.host() + ":" + s.port() + "/" + s.database(),
        "database");
    List<String> schemas =
        root.at("/database/schemas").isMissingNode()
            ? List.of("public")
            : texts("/database/schemas");
    for (int i = 0; i < schemas.size(); i++) {
      if (schemas.get(i).equals("signalbox") || schemas.get(i).startsWith("pg_")) {
        problems.add(
            places.atValue(
                "/database/schemas/" + i,
                "'" + schemas.get(i) + "' is not a schema of a service. Remove it from the list."));
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
        root.at(at + "/port").asInt(),
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
            root.at("/application/health/rise").asInt(usual.rise()),
            root.at("/application/health/fall").asInt(usual.fall()));
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
    if (root.at("/strategy").isMissingNode()) {
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
        texts(at + "/checks"));
  }

  private ProcessSettings process(String at) {
    Map<String, String> variables = new LinkedHashMap<>();
    root.at(at + "/variables")
        .properties()
        .forEach(e -> variables.put(e.getKey(), e.getValue().asString()));
    return new ProcessSettings(
        text(at + "/name"), texts(at + "/command"), Map.copyOf(variables), path(at + "/folder"));
  }

  private String text(String at) {
    return root.at(at).asString();
  }

  private List<String> texts(String at) {
    return list(at, this::text);
  }

  private <T> List<T> list(String at, Function<String, T> element) {
    List<T> result = new ArrayList<>();
    for (int i = 0; i < root.at(at).size(); i++) {
      result.add(element.apply(at + "/" + i));
    }
    return List.copyOf(result);
  }

  private <T> Map<Colour, T> colours(String at, Function<String, T> value) {
    Map<Colour, T> result = new EnumMap<>(Colour.class);
    for (Colour colour : Colour.values()) {
      result.put(colour, value.apply(at + "/" + colour.id()));
    }
    return Map.copyOf(result);
  }

  /// Blue and green that are the same thing by mistake would make a switch a farce.
  private <T> void different(
      String at, Map<Colour, T> both, Function<T, String> identity, String what) {
    Map<String, Colour> seen = new HashMap<>();
    for (Colour colour : Colour.values()) {
      Colour other = seen.put(identity.apply(both.get(colour)), colour);
      if (other != null) {
        problems.add(
            places.atKey(
                at + "/" + colour.id(),
                "'"
                    + Places.spoken(at)
                    + "."
                    + colour
                    + "' names the same "
                    + what
                    + " as "
                    + other
                    + ". Blue and green must be two."));
      }
    }
  }

  private Duration duration(String at, Duration usual, String least, String most) {
    if (root.at(at).isMissingNode()) {
      return usual;
    }
    Duration value = DurationText.parse(text(at));
    if (value.compareTo(DurationText.parse(least)) < 0
        || value.compareTo(DurationText.parse(most)) > 0) {
      problems.add(
          places.atValue(
              at,
              "'"
                  + Places.spoken(at)
                  + "' must be from "
                  + least
                  + " to "
                  + most
                  + ", not "
                  + text(at)
                  + "."));
    }
    return value;
  }

  private Path path(String at) {
    try {
      return folder.resolve(text(at)).normalize();
    } catch (InvalidPathException e) {
      problems.add(places.atValue(at, "'" + Places.spoken(at) + "' is not a path on this system."));
      return folder;
    }
  }

  private URI address(String at) {
    URI nowhere = URI.create("http://127.0.0.1");
    URI address;
    try {
      address = URI.create(text(at));
    } catch (IllegalArgumentException e) {
      address = nowhere;
    }
    if (address.getHost() == null
        || address.getPort() > 65_535
        || address.getPort() == 0
        || address.equals(nowhere)) {
      problems.add(
          places.atValue(
              at, "'" + Places.spoken(at) + "' must be an address such as http://127.0.0.1:8080."));
      return nowhere;
    }
    return address;
  }

  private URI loopback(String at) {
    URI address = address(at);
    String host = address.getHost();
    if (!host.equals("localhost")
        && !host.equals("[::1]")
        && !host.matches("127(\\.[0-9]{1,3}){3}")) {
      problems.add(
          places.atValue(
              at,
              "'"
                  + Places.spoken(at)
                  + "' must be on this machine (127.0.0.1), where nobody else can reach it, not "
                  + host
                  + "."));
    }
    return address;
  }

  private SecretSource secret(String at) {
    if (!root.at(at + "/env").isMissingNode()) {
      String name = text(at + "/env");
      if (System.getenv(name) == null) {
        problems.add(
            places.atValue(
                at + "/env",
                "The environment variable "
                    + name
                    + " is not set. Set it, or use { file: PATH }."));
      }
      return new SecretSource.InVariable(name);
    }
    Path path = path(at + "/file");
    checkSecretFile(at + "/file", path);
    return new SecretSource.InFile(path);
  }

  private void checkSecretFile(String at, Path path) {
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      problems.add(
          places.atValue(
              at,
              "The secret file "
                  + path
                  + " cannot be read. Write the secret into it, with mode 600."));
      return;
    }
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
      if (mode.contains(PosixFilePermission.OTHERS_READ)
          || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
        problems.add(
            places.atValue(
                at,
                "Everybody on this machine can read or write the secret file "
                    + path
                    + ". Run: chmod 600 "
                    + path));
      } else if (mode.contains(PosixFilePermission.GROUP_READ)
          || mode.contains(PosixFilePermission.GROUP_WRITE)) {
        warnings.add(
            places.atValue(
                at,
                "The group of the secret file "
                    + path
                    + " can read or write it. If that is not meant, run: chmod 600 "
                    + path));
      }
    } catch (IOException e) {
      problems.add(
          places.atValue(at, "The permissions of " + path + " cannot be read: " + e.getMessage()));
    }
  }
}
