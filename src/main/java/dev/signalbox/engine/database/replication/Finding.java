package dev.signalbox.engine.database.replication;

/// Something that preflight saw.
///
/// @param blocks whether the release must not go on; otherwise it is only said
/// @param sentence what, where, and what to do
public record Finding(boolean blocks, String sentence) {
  static Finding block(String sentence) {
    return new Finding(true, sentence);
  }

  static Finding warn(String sentence) {
    return new Finding(false, sentence);
  }
}
