package dev.signalbox.cli;

import dev.signalbox.engine.Colour;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Values as pipelines read them. Unknown is null.
final class JsonValues {
  private JsonValues() {}

  static @Nullable Long known(long count) {
    return count < 0 ? null : count;
  }

  static ObjectNode millis(ObjectNode node, String name, @Nullable Duration duration) {
    return duration == null ? node.putNull(name) : node.put(name, duration.toNanos() / 1e6);
  }

  /// Null for what has never been looked at.
  static @Nullable String time(Instant at) {
    return at.equals(Instant.EPOCH) ? null : at.toString();
  }

  static @Nullable String id(@Nullable Colour colour) {
    return colour == null ? null : colour.id();
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
