package dev.signalbox.architecture.wrong.engine;

import io.vertx.core.json.JsonObject;

/// Writes JSON with a second library.
public final class JsonEngine {
  public String run() {
    return new JsonObject().put("a", 1).encode();
  }
}
