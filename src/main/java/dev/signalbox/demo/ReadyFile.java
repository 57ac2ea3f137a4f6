package dev.signalbox.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Where a process listens, as it wrote it itself.
record ReadyFile(URI address, URI control) {
  /// Before the process listens.
  static ReadyFile none() {
    URI nowhere = URI.create("http://127.0.0.1:1");
    return new ReadyFile(nowhere, nowhere);
  }

  static ReadyFile read(Path file) throws IOException {
    JsonNode ports = new JsonMapper().readTree(Files.readString(file));
    return new ReadyFile(
        URI.create("http://127.0.0.1:" + ports.path("port").asInt()),
        URI.create("http://127.0.0.1:" + ports.path("controlPort").asInt()));
  }
}
