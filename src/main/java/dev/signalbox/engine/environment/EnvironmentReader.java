package dev.signalbox.engine.environment;

import dev.signalbox.engine.Colour;
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
import dev.signalbox.engine.secret.LibpqFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Turns the tree of a `signalbox.yaml` into an environment.
final class EnvironmentReader extends SettingsReader {
  /// What is replaced in a command.
  private static final List<String> PLACEHOLDERS =
      List.of("colour", "host", "port", "database", "epoch");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z]+)\\}");

  /// The files of all routes so far, each with where it is named.
  private final Map<Path, String> files = new HashMap<>();

  /// Host, port and entry of all PgBouncers so far, each with where it is named.
  private final Map<String, String> bouncers = new HashMap<>();

  /// What the pid and log files of all processes so far are named after, each with where it is.
  private final Map<Path, String> processes = new HashMap<>();

  private final ServerReader servers;

  EnvironmentReader(YamlFile.Result.Read read, SettingsSchema schema, LibpqFiles files) {
    super(read, schema);
    this.servers = new ServerReader(this, files);
  }

  /// Only to be used when there are no problems.
  Environment read() {
    ReleaseSettings release =
        new ReleaseSettings(
            duration("/release/stallBudget"),
            duration("/release/watch"),
            duration("/release/lease"));
    checkPlanes();
    return new Environment(
        text("/name"), folder(), release, journal(), databases(), application(), strategy());
  }

  private void checkPlanes() {
    boolean database = present("/database") || present("/databases");
    if (database && present("/journal")) {
      problemAtKey(
          "/journal",
          "With a database journal and lease are in both of its servers. Remove 'journal'.");
    }
    // An unknown key may be meant as the one that is missed here.
    if (database || !fits("")) {
      return;
    }
    if (!present("/application") && !present("/strategy")) {
      problem(
          "",
          "Nothing stands here that could change over. Add 'database', 'application' or 'strategy'.");
    } else if (!present("/journal")) {
      problem(
          "",
          "'journal' is missing. Without a database it says where journal and lease are,"
              + " { server: … }.");
    }
  }

  private @Nullable ServerSettings journal() {
    if (!present("/journal")) {
      return null;
    }
    if (present("/journal/server/peer")) {
      problemAtKey(
          "/journal/server/peer", "No other server subscribes to this one. Remove 'peer'.");
    }
    return servers.read("/journal/server");
  }

  private List<DatabaseSettings> databases() {
    List<DatabaseSettings> databases = new ArrayList<>();
    if (present("/database")) {
      databases.add(database("", "/database"));
    }
    if (present("/databases") && present("/database")) {
      problemAtKey(
          "/databases",
          "'database' is for one database, 'databases' for several. Keep one of them.");
    }
    Map<String, String> seen = new HashMap<>();
    for (String name : node("/databases").propertyNames()) {
      String at = Places.child("/databases", name);
      databases.add(database(name, at));
      for (Colour colour : Colour.values()) {
        String server = at + "/servers/" + colour.id();
        servers.identities(server).stream()
            .flatMap(same -> Optional.ofNullable(seen.put(same, name)).stream())
            .filter(other -> !other.equals(name))
            .findFirst()
            .ifPresent(other ->
                problemAtKey(
                    server,
                    "'"
                        + name
                        + "' names the same database as '"
                        + other
                        + "'. Each must be its own."));
      }
    }
    return databases;
  }

  private DatabaseSettings database(String name, String at) {
    Map<Colour, ServerSettings> both = colours(at + "/servers", servers::read);
    differentIn(at + "/servers", servers::identities, "database");
    List<String> schemas = present(at + "/schemas") ? texts(at + "/schemas") : List.of("public");
    for (int i = 0; i < schemas.size(); i++) {
      if (schemas.get(i).equals("signalbox") || schemas.get(i).startsWith("pg_")) {
        problem(
            at + "/schemas/" + i,
            "'" + schemas.get(i) + "' is not a schema of a service. Remove it from the list.");
      }
    }
    List<RouteSettings> routes = list(at + "/routes", this::route);
    oneHostEach(at, both, routes);
    return new DatabaseSettings(
        name,
        both,
        present(at + "/migrations") ? Optional.of(path(at + "/migrations")) : Optional.empty(),
        schemas,
        duration(at + "/maxLag"),
        duration(at + "/poll"),
        routes);
  }

  /// A pooler or a command is told one host of a side, which must not be a standby.
  private void oneHostEach(
      String at, Map<Colour, ServerSettings> both, List<RouteSettings> routes) {
    for (int i = 0; i < routes.size(); i++) {
      boolean tellsOne =
          routes.get(i) instanceof RouteSettings.PgBouncers
              || routes.get(i) instanceof RouteSettings.Command;
      if (tellsOne && both.values().stream().anyMatch(side -> side.addresses().size() > 1)) {
        problem(
            at + "/routes/" + i,
            "'"
                + Places.spoken(at + "/routes/" + i)
                + "' tells one host of a side, and a side has several in 'hosts'. Give the side one"
                + " 'host' that always is its primary, or use another route.");
      }
    }
  }

  private RouteSettings route(String at) {
    if (present(at + "/pgbouncer")) {
      return new RouteSettings.PgBouncers(list(at + "/pgbouncer", this::pgbouncer));
    } else if (present(at + "/command")) {
      return new RouteSettings.Command(
          words(at + "/command/run"),
          words(at + "/command/check"),
          duration(at + "/command/timeout"));
    } else if (present(at + "/multiHost")) {
      return new RouteSettings.MultiHost();
    }
    boolean stacks = present(at + "/file/blue") || present(at + "/file/green");
    return stacks ? files(at) : sharedFile(at);
  }

  private RouteSettings sharedFile(String at) {
    String mine = at + "/file";
    String other = routeFile(mine).map(path -> files.putIfAbsent(path, mine)).orElse(null);
    if (other != null) {
      problemAtKey(mine, sameFile(mine, other));
    }
    return new RouteSettings.SharedFile(stackFile(mine));
  }

  private static String sameFile(String mine, String other) {
    return "'"
        + Places.spoken(mine)
        + "' names the same file as '"
        + Places.spoken(other)
        + "'. Each route needs its own.";
  }

  private PgBouncer pgbouncer(String at) {
    if (fits(at + "/host", at + "/port")) {
      String place = text(at + "/host") + ":" + number(at + "/port") + "/" + text(at + "/database");
      String other = bouncers.putIfAbsent(place, at);
      if (other != null) {
        problem(
            at,
            "'"
                + Places.spoken(at)
                + "' names the same entry as '"
                + Places.spoken(other)
                + "'. Remove one of them.");
      }
    }
    return new PgBouncer(
        text(at + "/host"),
        number(at + "/port"),
        text(at + "/user"),
        secret(at + "/password"),
        text(at + "/database"),
        path(at + "/ini"),
        TlsMode.parse(textOrUsual(at + "/tls")),
        present(at + "/rootCertificate")
            ? Optional.of(path(at + "/rootCertificate"))
            : Optional.empty());
  }

  /// Of a command: what stands in braces must be known.
  private List<String> words(String at) {
    List<String> words = texts(at);
    for (int i = 0; i < words.size(); i++) {
      Matcher found = PLACEHOLDER.matcher(words.get(i));
      while (found.find()) {
        boolean known = at.endsWith("/run") && PLACEHOLDERS.contains(found.group(1));
        if (!known) {
          problem(
              at + "/" + i,
              "'{"
                  + found.group(1)
                  + "}' is not known here. "
                  + (at.endsWith("/run")
                      ? "Known are: {" + String.join("}, {", PLACEHOLDERS) + "}."
                      : "'check' is asked the same for both sides."));
        }
      }
    }
    return words;
  }

  private RouteSettings files(String at) {
    for (String key : List.of("path", "user", "password", "acknowledge")) {
      if (present(at + "/file/" + key)) {
        problemAtKey(
            at + "/file/" + key,
            "'"
                + key
                + "' belongs to one file for all applications, 'blue' and 'green' to a file for each"
                + " stack. Keep one of the two.");
      }
    }
    Map<Colour, StackFile> stacks = colours(at + "/file", this::stackFile);
    different(at + "/file", stack -> routeFile(stack).map(Path::toString), "file");
    for (Colour colour : Colour.values()) {
      String mine = at + "/file/" + colour.id();
      String other = routeFile(mine).map(path -> files.putIfAbsent(path, mine)).orElse(null);
      if (other != null && !other.startsWith(at + "/")) {
        problemAtKey(mine, sameFile(mine, other));
      }
    }
    return new RouteSettings.Files(stacks);
  }

  private Optional<Path> routeFile(String at) {
    return fits(at + "/path") ? Optional.of(path(at + "/path")) : Optional.empty();
  }

  private StackFile stackFile(String at) {
    return new StackFile(
        path(at + "/path"),
        text(at + "/user"),
        secret(at + "/password"),
        present(at + "/acknowledge")
            ? Optional.of(address(at + "/acknowledge"))
            : Optional.empty());
  }

  private @Nullable ApplicationSettings application() {
    if (!present("/application")) {
      return null;
    }
    HealthSettings health =
        new HealthSettings(
            duration("/application/health/interval"),
            duration("/application/health/timeout"),
            number("/application/health/rise"),
            number("/application/health/fall"));
    return new ApplicationSettings(health, router(), colours("/application/stacks", this::stack));
  }

  private RouterSettings router() {
    return new RouterSettings.Entry(
        address("/application/router/address"),
        loopback("/application/router/control"),
        secret("/application/router/token"));
  }

  private @Nullable StrategySettings strategy() {
    if (!present("/strategy")) {
      return null;
    }
    return new StrategySettings(
        loopback("/strategy/control"),
        secret("/strategy/token"),
        duration("/strategy/drain"),
        duration("/strategy/poll"));
  }

  private StackSettings stack(String at) {
    Map<String, String> endpoints = new HashMap<>();
    return new StackSettings(
        list(at + "/endpoints", one -> endpoint(one, endpoints)),
        list(at + "/processes", this::process));
  }

  /// @param others of the same stack so far, each name with where it is
  private EndpointSettings endpoint(String at, Map<String, String> others) {
    String other = fits(at + "/name") ? others.putIfAbsent(text(at + "/name"), at + "/name") : null;
    if (other != null) {
      problem(
          at + "/name",
          "'"
              + Places.spoken(at + "/name")
              + "' is the same as '"
              + Places.spoken(other)
              + "', and what one answers would count for the other. Give each endpoint of a stack"
              + " its own name.");
    }
    return new EndpointSettings(
        text(at + "/name"), address(at + "/address"), texts(at + "/checks"), texts(at + "/warmUp"));
  }

  private ProcessSettings process(String at) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String name : node(at + "/variables").propertyNames()) {
      variables.put(name, text(Places.child(at + "/variables", name)));
    }
    Path folder = path(at + "/folder");
    String name = text(at + "/name");
    String other =
        fits(at + "/folder", at + "/name") ? processes.putIfAbsent(folder.resolve(name), at) : null;
    if (other != null) {
      problem(
          at + "/name",
          "'"
              + Places.spoken(at)
              + "' has the name and the folder of '"
              + Places.spoken(other)
              + "', so that both would have one pid file and one log. Give one of them another name"
              + " or another folder.");
    }
    return new ProcessSettings(name, texts(at + "/command"), Map.copyOf(variables), folder);
  }
}
