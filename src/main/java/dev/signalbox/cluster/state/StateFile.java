package dev.signalbox.cluster.state;

import dev.signalbox.engine.file.AtomicFile;
import dev.signalbox.strategy.Strategy;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The file in which the cluster keeps its [ClusterState]. A reader sees the old state or the new
/// one, never a torn one. Not thread-safe.
public final class StateFile {
  private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path file;
  private final AtomicFile atomic;

  public StateFile(Path file) {
    this.file = file.toAbsolutePath();
    this.atomic = new AtomicFile(this.file);
  }

  /// @throws IOException when there is a file and it cannot be understood: guessing the live stack
  ///   could send queries to old data
  public Optional<ClusterState> read() throws IOException {
    try {
      JsonNode node = JSON.readTree(Files.readString(file));
      return Optional.of(
          new ClusterState(
              strategy(node.path("live")),
              node.path("announced").isNull() ? null : strategy(node.path("announced")),
              node.required("suspended").booleanValue(),
              node.required("epoch").longValue(),
              node.required("changedAt").longValue()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JacksonException | CharacterCodingException | IllegalArgumentException e) {
      throw new IOException(
          "The cluster's state file "
              + file
              + " cannot be understood. Write {\"live\":\"blue\"|\"green\",\"announced\":null,"
              + "\"suspended\":false,\"epoch\":n,\"changedAt\":0} into it, with the stack that"
              + " clients use, or remove it to start with 'initial'.",
          e);
    }
  }

  private static Strategy strategy(JsonNode node) {
    return Strategy.parse(node.asString(""))
        .orElseThrow(() -> new IllegalArgumentException("neither blue nor green"));
  }

  /// When this returns, the state survives a crash; when it throws, the old one does.
  public void write(ClusterState state) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    @Nullable Strategy announced = state.announced();
    node.put("live", state.live().wire())
        .put("announced", announced == null ? null : announced.wire())
        .put("suspended", state.suspended())
        .put("epoch", state.epoch())
        .put("changedAt", state.changedAt());
    atomic.prepare(node + "\n");
    atomic.commit();
    // From here on the new state is what a restart reads, whatever happens.
    try {
      atomic.synchronise();
    } catch (IOException e) {
      LOG.warn("{} was written, and may not survive a power loss", file, e);
    }
  }
}
