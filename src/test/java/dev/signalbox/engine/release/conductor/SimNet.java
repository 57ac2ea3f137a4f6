package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Colour;
import java.util.EnumMap;
import java.util.Map;

/// Who reaches whom: two consoles, two databases, and the entry, which is router and witness.
final class SimNet {
  enum Node {
    BLUE,
    GREEN,
    ENTRY;

    static Node of(Colour colour) {
      return colour == Colour.BLUE ? BLUE : GREEN;
    }
  }

  /// From good to bad.
  enum State {
    UP,
    HANGS,
    AWAY
  }

  private final Map<Node, State> nodes = new EnumMap<>(Node.class);
  private final Map<Node, State> first = new EnumMap<>(Node.class);
  private final Map<Node, State> second = new EnumMap<>(Node.class);

  State node(Node node) {
    return nodes.getOrDefault(node, State.UP);
  }

  void node(Node node, State state) {
    nodes.put(node, state);
  }

  private Map<Node, State> lines(int console) {
    return console == 0 ? first : second;
  }

  void line(int console, Node node, State state) {
    lines(console).put(node, state);
  }

  /// How a console sees it.
  State seen(int console, Node node) {
    State line = lines(console).getOrDefault(node, State.UP);
    return line.compareTo(node(node)) > 0 ? line : node(node);
  }

  void heal() {
    nodes.clear();
    first.clear();
    second.clear();
  }

  @Override
  public String toString() {
    return "nodes " + nodes + ", lines of console 0 " + first + ", of console 1 " + second;
  }
}
