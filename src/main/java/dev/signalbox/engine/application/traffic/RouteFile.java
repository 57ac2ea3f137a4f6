package dev.signalbox.engine.application.traffic;

import dev.signalbox.engine.Colour;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The file in which the entry keeps its [RouteState]. A reader sees the old state or the new one,
/// never a torn one. Not thread-safe: the entry calls it from one worker at a time.
///
/// Writing is split in three so that the slow part can be done before a switch: [#prepare] writes
/// and synchronises a file beside it, [#commit] renames, [#synchronise] makes the rename survive a
/// power loss.
final class RouteFile {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private final Path folder;
  private final Path candidate;
  private @Nullable RouteState prepared;

  RouteFile(Path file) {
    this.file = file.toAbsolutePath();
    this.folder = java.util.Objects.requireNonNull(this.file.getParent());
    this.candidate = folder.resolve(this.file.getFileName() + ".next");
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
    } catch (JacksonException | IllegalArgumentException e) {
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
    ByteBuffer bytes = ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel =
        FileChannel.open(
            candidate,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    prepared = state;
  }

  /// Puts what was prepared in place.
  void commit() throws IOException {
    prepared = null;
    Files.move(
        candidate, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  void synchronise() throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
