package dev.signalbox.engine.environment;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.secret.VaultFile;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Turns a tree into settings, and checks what a schema cannot say: ranges of durations, addresses,
/// files of secrets, and things that must not be the same. Places are JSON pointers. What is wrong
/// is collected in [#problems], with what the schema found; what was read is only to be used when
/// there are none. Something else stands in for a value that the schema refused, and no check looks
/// at it.
public abstract class SettingsReader {
  private static final URI NOWHERE = URI.create("http://127.0.0.1");
  private static final Pattern PORT = Pattern.compile("^https?://[^/]*:([0-9]+)(/|$)");

  private final SettingsSchema schema;
  private final Path folder;
  private final JsonNode root;
  private final Places places;
  private final Set<String> refused;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  protected SettingsReader(YamlFile.Result.Read read, SettingsSchema schema) {
    this.schema = schema;
    this.folder = Objects.requireNonNull(read.file().toAbsolutePath().normalize().getParent());
    this.root = read.root();
    this.places = read.places();
    this.refused = read.refused();
    problems.addAll(read.problems());
  }

  public final List<Problem> problems() {
    return problems.stream().sorted(Problem.BY_PLACE).distinct().toList();
  }

  /// Worth a look, sorted by place.
  public final List<Problem> warnings() {
    return warnings.stream().sorted(Problem.BY_PLACE).distinct().toList();
  }

  /// The folder of the file, where relative paths start.
  protected final Path folder() {
    return folder;
  }

  /// What stands there; missing when the schema refused it.
  protected final JsonNode node(String at) {
    return refused.contains(at) ? MissingNode.getInstance() : root.at(at);
  }

  /// Whether something stands at each of these places that the schema did not refuse.
  protected final boolean fits(String... all) {
    return Stream.of(all).noneMatch(at -> node(at).isMissingNode());
  }

  protected final void problemAtKey(String at, String text) {
    problems.add(places.atKey(at, text));
  }

  protected final void problem(String at, String text) {
    problems.add(places.atValue(at, text));
  }

  protected final String text(String at) {
    return node(at).asString("");
  }

  protected final List<String> texts(String at) {
    return list(at, this::text);
  }

  protected final <T> List<T> list(String at, Function<String, T> element) {
    List<T> result = new ArrayList<>();
    for (int i = 0; i < node(at).size(); i++) {
      result.add(element.apply(at + "/" + i));
    }
    return List.copyOf(result);
  }

  protected final <T> Map<Colour, T> colours(String at, Function<String, T> value) {
    Map<Colour, T> result = new EnumMap<>(Colour.class);
    for (Colour colour : Colour.values()) {
      result.put(colour, value.apply(at + "/" + colour.id()));
    }
    return Map.copyOf(result);
  }

  /// Blue and green that are the same thing by mistake would make a switch a farce.
  ///
  /// @param identity of what stands at a place; empty when that is not known
  protected final void different(
      String at, Function<String, Optional<String>> identity, String what) {
    differentIn(at, place -> identity.apply(place).stream().toList(), what);
  }

  /// The same for things that have several identities.
  ///
  /// @param identities of what stands at a place; none when they are not known
  protected final void differentIn(
      String at, Function<String, List<String>> identities, String what) {
    Map<String, Colour> seen = new HashMap<>();
    for (Colour colour : Colour.values()) {
      String place = at + "/" + colour.id();
      List<String> mine = identities.apply(place);
      mine.stream()
          .filter(seen::containsKey)
          .findFirst()
          .ifPresent(same ->
              problems.add(
                  places.atKey(
                      place,
                      "'"
                          + Places.spoken(at)
                          + "."
                          + colour
                          + "' names the same "
                          + what
                          + " as "
                          + seen.get(same)
                          + ". Blue and green must be two.")));
      mine.forEach(one -> seen.put(one, colour));
    }
  }

  /// A duration, or what the schema has for it when it is left out.
  protected final Duration duration(String at) {
    if (!fits(at)) {
      return schema.usualDuration(at);
    }
    Duration value = DurationText.parse(text(at));
    JsonNode of = schema.at(at);
    if (value.compareTo(DurationText.parse(of.path("least").asString())) < 0
        || value.compareTo(DurationText.parse(of.path("most").asString())) > 0) {
      problem(
          at,
          "'"
              + Places.spoken(at)
              + "' must be from "
              + schema.range(of)
              + ", not "
              + text(at)
              + ".");
    }
    return value;
  }

  /// A whole number, or what the schema has for it when it is left out.
  protected final int number(String at) {
    return fits(at) ? node(at).asInt() : schema.usual(at).asInt(0);
  }

  /// Whether something stands there, right or wrong.
  protected final boolean present(String at) {
    return !root.at(at).isMissingNode();
  }

  /// A text, or what the schema has for it when it is left out.
  protected final String textOrUsual(String at) {
    return fits(at) ? text(at) : schema.usual(at).asString();
  }

  protected final Path path(String at) {
    try {
      return folder.resolve(text(at)).normalize();
    } catch (InvalidPathException e) {
      problems.add(places.atValue(at, "'" + Places.spoken(at) + "' is not a path on this system."));
      return folder;
    }
  }

  protected final URI address(String at) {
    String text = text(at);
    Matcher port = PORT.matcher(text);
    if (port.find() && !isPort(new BigInteger(port.group(1)))) {
      problem(
          at,
          "The port in '"
              + Places.spoken(at)
              + "' must be from 1 to 65535, not "
              + port.group(1)
              + ".");
      return NOWHERE;
    }
    try {
      URI address = URI.create(text);
      if (address.getHost() != null) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    if (fits(at)) {
      problem(at, "'" + Places.spoken(at) + "' must be an address such as http://127.0.0.1:8080.");
    }
    return NOWHERE;
  }

  private static boolean isPort(BigInteger number) {
    return number.signum() > 0 && number.bitLength() <= 16;
  }

  protected final URI loopback(String at) {
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

  protected final SecretSource secret(String at) {
    if (fits(at, at + "/env")) {
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
    if (fits(at, at + "/vault")) {
      Path vault = folder.resolve(VaultFile.NAME);
      String name = text(at + "/vault");
      if (Files.exists(vault)) {
        checkSecretFile(at + "/vault", vault);
      } else {
        problem(
            at + "/vault",
            "There is no vault " + vault + ". Make it with: signalbox vault set " + name);
      }
      return new SecretSource.InVault(vault, name);
    }
    Path path = path(at + "/file");
    if (fits(at, at + "/file")) {
      checkSecretFile(at + "/file", path);
    }
    return new SecretSource.InFile(path);
  }

  final void checkSecretFile(String at, Path path) {
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
