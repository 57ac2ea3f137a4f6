package dev.signalbox.engine.environment;

import dev.signalbox.engine.environment.DatabaseSettings.ServerSettings;
import dev.signalbox.engine.secret.LibpqFiles;
import dev.signalbox.engine.secret.PassFile;
import dev.signalbox.engine.secret.ServiceFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads how a server is reached. What stands in the file goes before what a service of libpq says,
/// as with libpq.
final class ServerReader {
  private static final int USUAL_PORT = 5432;
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,255}");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  /// Parameters of a service that change nothing here: each connection of ours has its own.
  private static final Set<String> LEFT_ALONE =
      Set.of(
          "application_name",
          "fallback_application_name",
          "client_encoding",
          "connect_timeout",
          "keepalives",
          "keepalives_idle",
          "keepalives_interval",
          "keepalives_count",
          "tcp_user_timeout",
          "target_session_attrs",
          "load_balance_hosts");

  private static final Set<String> USED =
      Set.of("host", "port", "dbname", "user", "password", "passfile");

  private final SettingsReader reader;
  private final LibpqFiles files;
  private final TlsReader tls;

  ServerReader(SettingsReader reader, LibpqFiles files) {
    this.reader = reader;
    this.files = files;
    this.tls = new TlsReader(reader, files);
  }

  /// What a service says.
  ///
  /// @param name empty without one, and when it was refused
  private record Service(String name, Path file, Map<String, String> parameters) {
    static final Service NONE = new Service("", Path.of(""), Map.of());

    String of(String parameter) {
      return parameters.getOrDefault(parameter, "");
    }
  }

  ServerSettings read(String at) {
    Service service = service(at);
    List<ServerAddress> addresses = addresses(at, service);
    String database = name(at, "database", "dbname", service);
    String user = name(at, "user", "user", service);
    TlsSettings secured = tls.console(at, service.parameters());
    return new ServerSettings(
        service.name().isEmpty() ? Optional.empty() : Optional.of(service.name()),
        addresses,
        database,
        user,
        password(at, service, addresses, database, user, secured),
        secured,
        peer(at, addresses, secured));
  }

  /// Each host of a server with its database, such as `localhost:5432/bank`.
  List<String> identities(String at) {
    if (!reader.fits(at)) {
      return List.of();
    }
    Service service = reader.fits(at + "/service") ? quietly(at) : Service.NONE;
    String database =
        reader.fits(at + "/database") ? reader.text(at + "/database") : service.of("dbname");
    return database.isEmpty()
        ? List.of()
        : quietAddresses(at, service).stream()
            .map(address -> address.toString().toLowerCase(java.util.Locale.ROOT))
            .map(address -> address.replaceFirst("^(127\\.0\\.0\\.1|\\[::1\\]):", "localhost:"))
            .map(address -> address + "/" + database)
            .toList();
  }

  private Service service(String at) {
    if (!reader.fits(at + "/service")) {
      return Service.NONE;
    }
    String name = reader.text(at + "/service");
    try {
      Optional<ServiceFile.Found> found = ServiceFile.find(files.serviceFiles(), name);
      if (found.isEmpty()) {
        reader.problem(
            at + "/service",
            "There is no service '"
                + name
                + "' in "
                + String.join(" or ", files.serviceFiles().stream().map(Path::toString).toList())
                + ".");
        return Service.NONE;
      }
      Map<String, String> parameters = found.get().parameters();
      parameters.keySet().stream()
          .filter(one -> !USED.contains(one) && !LEFT_ALONE.contains(one))
          .filter(one -> !TlsReader.PARAMETERS.contains(one))
          .findFirst()
          .ifPresent(strange ->
              reader.problem(
                  at + "/service",
                  "The service '"
                      + name
                      + "' in "
                      + found.get().file()
                      + " says '"
                      + strange
                      + "', which this program cannot do. Write what it says into this file, in"
                      + " place of 'service'."));
      return new Service(name, found.get().file(), parameters);
    } catch (IllegalStateException e) {
      reader.problem(at + "/service", String.valueOf(e.getMessage()));
      return Service.NONE;
    }
  }

  /// What is wrong with it was said already.
  private Service quietly(String at) {
    try {
      return ServiceFile.find(files.serviceFiles(), reader.text(at + "/service"))
          .map(found -> new Service(reader.text(at + "/service"), found.file(), found.parameters()))
          .orElse(Service.NONE);
    } catch (IllegalStateException e) {
      return Service.NONE;
    }
  }

  private String name(String at, String key, String parameter, Service service) {
    if (reader.fits(at + "/" + key)) {
      return reader.text(at + "/" + key);
    }
    if (service.of(parameter).isEmpty()
        && !service.name().isEmpty()
        && !reader.present(at + "/" + key)) {
      missing(at, key, service, parameter);
    }
    return service.of(parameter);
  }

  private void missing(String at, String key, Service service, String parameter) {
    reader.problemAtKey(
        at,
        "'"
            + key
            + "' is missing in '"
            + Places.spoken(at)
            + "', and the service '"
            + service.name()
            + "' in "
            + service.file()
            + " has no '"
            + parameter
            + "'. Add one of them.");
  }

  private List<ServerAddress> addresses(String at, Service service) {
    if (reader.present(at + "/hosts") && reader.present(at + "/host")) {
      reader.problemAtKey(
          at + "/hosts", "'host' is for one host, 'hosts' for several. Keep one of them.");
    }
    boolean here = reader.present(at + "/hosts") || reader.present(at + "/host");
    List<ServerAddress> found = quietAddresses(at, service);
    if (!here && !service.name().isEmpty() && found.isEmpty()) {
      if (service.of("host").isEmpty()) {
        missing(at, "host", service, "host");
      } else {
        reader.problem(
            at + "/service",
            "'host' and 'port' of the service '"
                + service.name()
                + "' in "
                + service.file()
                + " must be names and numbers from 1 to 65535, one port or as many as hosts.");
      }
    }
    portless(at);
    return found.isEmpty() ? List.of(new ServerAddress("", 0)) : found;
  }

  private void portless(String at) {
    boolean usual = reader.present(at + "/port") || reader.present(at + "/service");
    for (int i = 0; !usual && i < reader.node(at + "/hosts").size(); i++) {
      String one = at + "/hosts/" + i;
      if (reader.fits(one) && !reader.present(one + "/port")) {
        reader.problem(
            one,
            "'port' is missing in '"
                + Places.spoken(one)
                + "', and '"
                + Places.spoken(at)
                + "' has none for all of them.");
      }
    }
  }

  /// Empty when it is not known.
  private List<ServerAddress> quietAddresses(String at, Service service) {
    int port = port(at, service);
    if (reader.present(at + "/hosts")) {
      List<ServerAddress> found = new ArrayList<>();
      for (String one : reader.list(at + "/hosts", place -> place)) {
        int own = reader.fits(one + "/port") ? reader.number(one + "/port") : port;
        if (reader.fits(one + "/host") && own > 0) {
          found.add(new ServerAddress(reader.text(one + "/host"), own));
        }
      }
      return found;
    }
    if (reader.present(at + "/host")) {
      return reader.fits(at + "/host") && port > 0
          ? List.of(new ServerAddress(reader.text(at + "/host"), port))
          : List.of();
    }
    return ofService(service, reader.fits(at + "/port") ? Integer.toString(port) : "");
  }

  /// Zero when it is not known.
  private int port(String at, Service service) {
    if (reader.present(at + "/port")) {
      return reader.fits(at + "/port") ? reader.number(at + "/port") : 0;
    }
    String text = service.of("port");
    return service.name().isEmpty()
        ? 0
        : text.isEmpty() ? USUAL_PORT : PORT.matcher(text).matches() ? Integer.parseInt(text) : 0;
  }

  private static List<ServerAddress> ofService(Service service, String port) {
    String[] hosts = service.of("host").split(",", -1);
    String text = port.isEmpty() ? service.of("port") : port;
    String[] ports = (text.isEmpty() ? Integer.toString(USUAL_PORT) : text).split(",", -1);
    List<ServerAddress> found = new ArrayList<>();
    for (int i = 0; i < hosts.length && (ports.length == 1 || ports.length == hosts.length); i++) {
      String own = ports.length == 1 ? ports[0] : ports[i];
      boolean fits = HOST.matcher(hosts[i]).matches() && PORT.matcher(own).matches();
      if (!fits || Integer.parseInt(own) < 1 || Integer.parseInt(own) > 65_535) {
        return List.of();
      }
      found.add(new ServerAddress(hosts[i], Integer.parseInt(own)));
    }
    return found;
  }

  private PasswordSource password(
      String at,
      Service service,
      List<ServerAddress> addresses,
      String database,
      String user,
      TlsSettings secured) {
    String here = at + "/password";
    if (reader.fits(here, here + "/passfile")) {
      Path path = reader.path(here + "/passfile");
      lineless(path, addresses, database, user)
          .ifPresent(sentence -> reader.problem(here + "/passfile", sentence));
      return new PasswordSource.InPassFile(path);
    }
    if (reader.present(here)) {
      return reader.secret(here);
    }
    if (!service.of("password").isEmpty()) {
      reader.checkSecretFile(at + "/service", service.file());
      return new PasswordSource.InService(service.file(), service.name());
    }
    Path usual =
        service.of("passfile").isEmpty() ? files.passFile() : Path.of(service.of("passfile"));
    Optional<String> why =
        Files.exists(usual)
            ? lineless(usual, addresses, database, user)
            : Optional.of("There is no password file " + usual + ".");
    if (why.isEmpty()) {
      return new PasswordSource.InPassFile(usual);
    }
    if (secured.key().isEmpty() && known(addresses, database, user)) {
      reader.problemAtKey(
          at,
          "'password' is missing in '"
              + Places.spoken(at)
              + "'. It is where the secret is, such as { file: PATH }; without it the password file"
              + " of libpq is asked. "
              + why.get());
    }
    return new PasswordSource.None();
  }

  private static boolean known(List<ServerAddress> addresses, String database, String user) {
    return addresses.getFirst().port() > 0 && !database.isEmpty() && !user.isEmpty();
  }

  /// Why a password file does not help; empty when it does, or nobody knows yet what is looked for.
  private static Optional<String> lineless(
      Path file, List<ServerAddress> addresses, String database, String user) {
    if (!known(addresses, database, user)) {
      return Optional.empty();
    }
    try {
      for (ServerAddress one : addresses) {
        if (new PassFile(file).password(one.host(), one.port(), database, user).isEmpty()) {
          return Optional.of(
              "The password file "
                  + file
                  + " has no line for "
                  + one
                  + ":"
                  + database
                  + ":"
                  + user
                  + ".");
        }
      }
      return Optional.empty();
    } catch (IllegalStateException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private PeerSettings peer(String at, List<ServerAddress> console, TlsSettings secured) {
    String here = at + "/peer";
    if (!reader.fits(here)) {
      return PeerSettings.like(console, secured);
    }
    if (reader.present(here + "/hosts") && reader.present(here + "/host")) {
      reader.problemAtKey(
          here + "/hosts", "'host' is for one host, 'hosts' for several. Keep one of them.");
    }
    int port =
        reader.fits(here + "/port") ? reader.number(here + "/port") : console.getFirst().port();
    List<ServerAddress> addresses = new ArrayList<>();
    for (String one : reader.list(here + "/hosts", place -> place)) {
      addresses.add(
          new ServerAddress(
              reader.text(one + "/host"),
              reader.fits(one + "/port") ? reader.number(one + "/port") : port));
    }
    if (reader.fits(here + "/host")) {
      addresses.add(new ServerAddress(reader.text(here + "/host"), port));
    } else if (addresses.isEmpty()) {
      console.forEach(one ->
          addresses.add(reader.fits(here + "/port") ? new ServerAddress(one.host(), port) : one));
    }
    return tls.peer(here, addresses, secured);
  }
}
