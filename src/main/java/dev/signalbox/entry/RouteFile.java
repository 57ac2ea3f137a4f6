package dev.signalbox.entry;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The file in which the entry keeps its [RouteState]. Written as [AtomicFile] says, so that the
/// slow part can be done before a switch. Not thread-safe: the entry calls it from one worker at a
/// time.
final class RouteFile {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private final AtomicFile atomic;
  private @Nullable RouteState prepared;

  RouteFile(Path file) {
    this.file = file.toAbsolutePath();
    this.atomic = new AtomicFile(this.file);
  }

  /// @throws IOException when there is a file and it cannot be understood: guessing a route could
  ///   send writes to the wrong stack
  Optional<RouteState> read() throws IOException {
    try {
      JsonNode node = JSON.readTree(Files.readString(file));
      return Optional.of(
          new RouteState(
              Colour.parse(node.path("route").asString()),
              node.path("generation").longValue(),
              node.path("epoch").longValue()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JacksonException | CharacterCodingException | IllegalArgumentException e) {
      throw new IOException(
          "The entry's state file "
              + file
              + " cannot be understood ("
              + e.getMessage()
              + ")."
              + " Write {\"route\":\"blue\"|\"green\",\"generation\":n,\"epoch\":n} into it, with the"
              + " stack whose database takes writes.",
          e);
    }
  }

  /// Writes `state` beside the file. Does nothing when it was the last one prepared.
  void prepare(RouteState state) throws IOException {
    if (state.equals(prepared)) {
      return;
    }
    prepared = null;
    String json =
        JSON.createObjectNode()
                .put("route", state.route().id())
                .put("generation", state.generation())
                .put("epoch", state.epoch())
                .toString()
            + "\n";
    atomic.prepare(json);
    prepared = state;
  }

  /// Puts what was prepared in place.
  void commit() throws IOException {
    prepared = null;
    atomic.commit();
  }

  void synchronise() throws IOException {
    atomic.synchronise();
  }
}
