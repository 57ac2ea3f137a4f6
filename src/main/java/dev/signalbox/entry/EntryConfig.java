package dev.signalbox.entry;

import dev.signalbox.engine.Colour;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the entry is started with, a JSON file.
///
/// @param host to listen on for clients; the control interface listens on loopback only
/// @param port for clients; 0 to choose one
/// @param controlPort 0 to choose one
/// @param tokenFile its first line is the bearer token of the control interface
/// @param stateFile where the route survives a restart; its folder must exist
/// @param readyFile where the entry writes its ports and pid once it listens
/// @param initial where requests go while there is no state file
public record EntryConfig(
    String host,
    int port,
    int controlPort,
    Path tokenFile,
    Path stateFile,
    Path readyFile,
    Colour initial,
    Map<Colour, Upstream> stacks,
    Limits limits) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// One stack. Only scheme `http`, host and port count.
  public record Upstream(URI backend, URI frontend) {}

  /// Bounds on what clients may cost.
  ///
  /// @param connections at most; further ones are closed at once
  /// @param upstreamConnections at most to each server of a stack
  /// @param heldRequests that may wait at a time; further ones get 503
  /// @param heldBytes that waiting requests may occupy, counted by header and announced body
  /// @param headerBytes of one request
  /// @param bodyBytes of one request
  /// @param headerMillis within which a new connection must have sent a whole header
  /// @param idleMillis after which a connection without a request is closed
  /// @param bodyMillis within which a body must make progress, and a reader take some of the answer
  /// @param answerMillis after which a stack that sends nothing is given up (504)
  public record Limits(
      int connections,
      int upstreamConnections,
      int heldRequests,
      long heldBytes,
      int headerBytes,
      long bodyBytes,
      long headerMillis,
      long idleMillis,
      long bodyMillis,
      long answerMillis) {
    public static Limits defaults() {
      return new Limits(
          10_000, 512, 10_000, 64L << 20, 16 << 10, 256L << 20, 10_000, 75_000, 15_000, 60_000);
    }
  }

  /// @throws IOException with a sentence that names the file, when it cannot be read or understood
  public static EntryConfig read(Path file) throws IOException {
    try {
      JsonNode node = JSON.readTree(Files.readString(file));
      Map<Colour, Upstream> stacks = new EnumMap<>(Colour.class);
      for (Colour colour : Colour.values()) {
        JsonNode stack = node.path("stacks").path(colour.id());
        stacks.put(colour, new Upstream(address(stack, "backend"), address(stack, "frontend")));
      }
      return new EntryConfig(
          node.path("host").asString("127.0.0.1"),
          node.path("port").asInt(0),
          node.path("controlPort").asInt(0),
          path(node, "tokenFile"),
          inFolder(node, "stateFile"),
          inFolder(node, "readyFile"),
          Colour.parse(node.path("initial").asString("blue")),
          stacks,
          limits(node.path("limits")));
    } catch (NoSuchFileException e) {
      throw new IOException("The entry's configuration " + file + " is not there.", e);
    } catch (JacksonException | CharacterCodingException | IllegalArgumentException e) {
      throw new IOException(
          "The entry's configuration " + file + " is not valid: " + e.getMessage(), e);
    }
  }

  private static Limits limits(JsonNode node) {
    Limits d = Limits.defaults();
    return new Limits(
        node.path("connections").asInt(d.connections),
        node.path("upstreamConnections").asInt(d.upstreamConnections),
        node.path("heldRequests").asInt(d.heldRequests),
        node.path("heldBytes").asLong(d.heldBytes),
        node.path("headerBytes").asInt(d.headerBytes),
        node.path("bodyBytes").asLong(d.bodyBytes),
        node.path("headerMillis").asLong(d.headerMillis),
        node.path("idleMillis").asLong(d.idleMillis),
        node.path("bodyMillis").asLong(d.bodyMillis),
        node.path("answerMillis").asLong(d.answerMillis));
  }

  private static Path path(JsonNode node, String field) {
    return Path.of(text(node, field));
  }

  private static Path inFolder(JsonNode node, String field) {
    Path file = path(node, field);
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "the folder of " + field + " " + file + " is not there. Make it first");
    }
    return file;
  }

  private static URI address(JsonNode node, String field) {
    URI uri = URI.create(text(node, field));
    if (!"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() <= 0) {
      throw new IllegalArgumentException(field + " must be http://host:port, but is '" + uri + "'");
    }
    return uri;
  }

  private static String text(JsonNode node, String field) {
    String text = node.path(field).asString("");
    if (text.isEmpty()) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return text;
  }

  /// What [#read] reads.
  public String toJson() {
    ObjectNode node = JSON.createObjectNode();
    node.put("host", host).put("port", port).put("controlPort", controlPort);
    node.put("tokenFile", tokenFile.toString());
    node.put("stateFile", stateFile.toString());
    node.put("readyFile", readyFile.toString());
    node.put("initial", initial.id());
    ObjectNode colours = node.putObject("stacks");
    stacks.forEach((colour, stack) ->
        colours
            .putObject(colour.id())
            .put("backend", stack.backend().toString())
            .put("frontend", stack.frontend().toString()));
    node.putObject("limits")
        .put("connections", limits.connections)
        .put("upstreamConnections", limits.upstreamConnections)
        .put("heldRequests", limits.heldRequests)
        .put("heldBytes", limits.heldBytes)
        .put("headerBytes", limits.headerBytes)
        .put("bodyBytes", limits.bodyBytes)
        .put("headerMillis", limits.headerMillis)
        .put("idleMillis", limits.idleMillis)
        .put("bodyMillis", limits.bodyMillis)
        .put("answerMillis", limits.answerMillis);
    return node.toString();
  }
}
