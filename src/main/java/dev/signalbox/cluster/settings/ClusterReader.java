package dev.signalbox.cluster.settings;

import dev.signalbox.cluster.settings.ClusterSettings.EngineSettings;
import dev.signalbox.cluster.settings.ClusterSettings.Limits;
import dev.signalbox.cluster.settings.ClusterSettings.Tls;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.SettingsReader;
import dev.signalbox.engine.environment.SettingsSchema;
import dev.signalbox.engine.environment.YamlFile;
import dev.signalbox.strategy.Strategy;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns the tree of a `cluster.yaml` into settings.
final class ClusterReader extends SettingsReader {
  ClusterReader(YamlFile.Result.Read read, SettingsSchema schema) {
    super(read, schema);
  }

  /// Only to be used when there are no problems.
  ClusterSettings read() {
    Map<Colour, EngineSettings> engines = colours("/engines", this::engine);
    different("/engines", this::identity, "database");
    Tls tls = present("/tls") ? new Tls(file("/tls/certificate"), file("/tls/key")) : null;
    return new ClusterSettings(
        address("/listen", true),
        address("/control/listen", false),
        secret("/control/token"),
        tls,
        inFolder("/stateFile"),
        present("/readyFile") ? inFolder("/readyFile") : null,
        strategy(Colour.parse(textOrUsual("/initial"))),
        file("/users"),
        textOrUsual("/literals").equals("standard") ? Literals.STANDARD : Literals.BACKSLASH,
        Map.of(Strategy.BLUE, of(engines, Colour.BLUE), Strategy.GREEN, of(engines, Colour.GREEN)),
        limits());
  }

  /// Of the database of an engine.
  private Optional<String> identity(String at) {
    return fits(at + "/host", at + "/port", at + "/database")
        ? Optional.of(
            text(at + "/host") + ":" + number(at + "/port") + "/" + text(at + "/database"))
        : Optional.empty();
  }

  private static EngineSettings of(Map<Colour, EngineSettings> engines, Colour colour) {
    return java.util.Objects.requireNonNull(engines.get(colour));
  }

  private static Strategy strategy(Colour colour) {
    return switch (colour) {
      case BLUE -> Strategy.BLUE;
      case GREEN -> Strategy.GREEN;
    };
  }

  private EngineSettings engine(String at) {
    return new EngineSettings(
        text(at + "/host"),
        number(at + "/port"),
        text(at + "/database"),
        text(at + "/user"),
        secret(at + "/password"),
        duration(at + "/statementTimeout"),
        number(at + "/connections"));
  }

  private Limits limits() {
    return new Limits(
        number("/limits/sessions"),
        number("/limits/sessionsPerUser"),
        number("/limits/queries"),
        number("/limits/queriesPerSession"),
        number("/limits/batchBytes"),
        number("/limits/batchRows"),
        number("/limits/bufferedBytes"),
        number("/limits/waitingBytes"),
        number("/limits/sqlCharacters"),
        number("/limits/messageBytes"),
        duration("/limits/sessionIdle"),
        duration("/limits/queryIdle"));
  }

  private InetSocketAddress address(String at, boolean anywhere) {
    if (!fits(at)) {
      return new InetSocketAddress(0);
    }
    String text = text(at);
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, colon);
    int port = Integer.parseInt(text.substring(colon + 1));
    if (port > 65_535) {
      problem(at, "The port must be from 0 to 65535, not " + port + ".");
      return new InetSocketAddress(0);
    }
    InetSocketAddress address = new InetSocketAddress(host.replace("[", "").replace("]", ""), port);
    if (address.isUnresolved()) {
      problem(at, "There is no address for the host '" + host + "' on this machine.");
    } else if (!anywhere && !address.getAddress().isLoopbackAddress()) {
      problem(
          at,
          "The control service speaks plain text and must be on this machine (127.0.0.1), where"
              + " nobody else can listen in, not "
              + host
              + ".");
    }
    return address;
  }

  private Path file(String at) {
    Path path = path(at);
    if (fits(at) && (!Files.isReadable(path) || Files.isDirectory(path))) {
      problem(at, "The file " + path + " cannot be read.");
    }
    return path;
  }

  private Path inFolder(String at) {
    Path path = path(at);
    @Nullable Path folder = path.getParent();
    if (fits(at) && (folder == null || !Files.isDirectory(folder))) {
      problem(at, "The folder of " + path + " is not there. Make it first.");
    }
    return path;
  }
}
