package dev.signalbox.entry;

import dev.signalbox.engine.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The file beside the entry's state in which it keeps who claimed the lease: a claim outlives a
/// restart of the entry. Not thread-safe: the entry calls it from one worker at a time.
final class ClaimFile {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private final AtomicFile atomic;

  /// @param ttlMillis how long each renewal is good for
  record Stored(long epoch, String holder, String name, long ttlMillis) {}

  ClaimFile(Path stateFile) {
    this.file = stateFile.toAbsolutePath().resolveSibling(stateFile.getFileName() + ".lease");
    this.atomic = new AtomicFile(file);
  }

  /// @throws IOException when there is a file and it cannot be understood
  Optional<Stored> read() throws IOException {
    try {
      JsonNode node = JSON.readTree(Files.readString(file));
      return Optional.of(
          new Stored(
              node.path("epoch").longValue(),
              node.path("holder").asString(),
              node.path("name").asString(),
              node.path("ttlMillis").longValue()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JacksonException | CharacterCodingException e) {
      throw new IOException(
          "The entry's lease file "
              + file
              + " cannot be understood. Remove it when no console drives; the entry starts without"
              + " it and knows of no claim then.",
          e);
    }
  }

  void write(Stored claim) throws IOException {
    atomic.write(
        JSON.createObjectNode()
                .put("epoch", claim.epoch())
                .put("holder", claim.holder())
                .put("name", claim.name())
                .put("ttlMillis", claim.ttlMillis())
                .toString()
            + "\n");
  }
}
