package dev.signalbox.demo.load;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Every transfer that the client asked for, and what it was told. Thread-safe.
public final class Ledger {
  private final Map<UUID, Line> lines = new ConcurrentHashMap<>();

  /// What the client knows of a transfer.
  public enum State {
    /// Sent, no answer yet.
    OPEN,
    /// The service said that it is done: it must be there, once.
    ACKNOWLEDGED,
    /// Anything else: it may be there or not, but not twice and not by half.
    FAILED
  }

  /// One transfer.
  public record Line(long from, long to, long amount, State state) {
    private Line with(State next) {
      return new Line(from, to, amount, next);
    }
  }

  /// Before the request leaves.
  public void open(UUID id, long from, long to, long amount) {
    lines.put(id, new Line(from, to, amount, State.OPEN));
  }

  public void acknowledged(UUID id) {
    lines.computeIfPresent(id, (key, line) -> line.with(State.ACKNOWLEDGED));
  }

  public void failed(UUID id) {
    lines.computeIfPresent(id, (key, line) -> line.with(State.FAILED));
  }

  /// As it is now. Take it before the database's snapshot: what is acknowledged in it must then be
  /// in the database.
  public Map<UUID, Line> copy() {
    return new HashMap<>(lines);
  }
}
