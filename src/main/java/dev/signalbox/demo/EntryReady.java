package dev.signalbox.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Where the entry listens, as it wrote it itself.
record EntryReady(URI address, URI control) {
  static EntryReady read(Path file) throws IOException {
    JsonNode ports = new JsonMapper().readTree(Files.readString(file));
    return new EntryReady(
        URI.create("http://127.0.0.1:" + ports.path("port").asInt()),
        URI.create("http://127.0.0.1:" + ports.path("controlPort").asInt()));
  }
}
