package dev.signalbox.engine;

/// A change of the live stack: traffic and writes go from one colour to the other.
public record Move(Colour from, Colour to) {
  public Move {
    if (from == to) {
      throw new IllegalArgumentException("a move needs two colours, got " + from + " twice");
    }
  }

  public static Move to(Colour to) {
    return new Move(to.other(), to);
  }

  /// The way back.
  public Move mirrored() {
    return new Move(to, from);
  }

  @Override
  public String toString() {
    return from + " → " + to;
  }
}
