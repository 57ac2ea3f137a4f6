package dev.signalbox.engine.environment;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where in a file each value and its key stand, by JSON pointer. Every problem goes through here,
/// so that its place is inside the file.
public final class Places {
  private final Path file;
  private final List<String> lines;
  private final Map<String, Place> keys = new HashMap<>();
  private final Map<String, Place> values = new HashMap<>();

  /// Counted from 0, as parsers do.
  record Place(int line, int column) {}

  Places(Path file, String text) {
    this.file = file;
    this.lines = List.of(text.split("\n", -1));
  }

  void key(String pointer, Place place) {
    keys.put(pointer, place);
  }

  void value(String pointer, Place place) {
    values.put(pointer, place);
  }

  /// A problem with the value at a pointer.
  Problem atValue(String pointer, String text) {
    return at(values.getOrDefault(pointer, new Place(0, 0)), text);
  }

  /// A problem with the key at a pointer; for an element of a list, which has none, with the value.
  Problem atKey(String pointer, String text) {
    Place key = keys.get(pointer);
    return key == null ? atValue(pointer, text) : at(key, text);
  }

  Problem at(Place place, String text) {
    int line = Math.clamp(place.line(), 0, lines.size() - 1);
    int column = Math.clamp(place.column(), 0, lines.get(line).length());
    // On one line, and harmless to a terminal: names from the file stand in it.
    return new Problem(file, line + 1, column + 1, text.replaceAll("\\p{Cntrl}", "�"));
  }

  /// The place of the character at an index of the text.
  static Place ofIndex(String text, int index) {
    int end = Math.clamp(index, 0, text.length());
    int line = 0;
    int start = 0;
    for (int i = 0; i < end; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        start = i + 1;
      }
    }
    return new Place(line, end - start);
  }

  static String child(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  /// A pointer for a person: `database.servers.blue`.
  static String spoken(String pointer) {
    return pointer.isEmpty()
        ? "the file"
        : pointer.substring(1).replace('/', '.').replace("~1", "/").replace("~0", "~");
  }
}
