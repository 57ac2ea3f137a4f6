package dev.signalbox.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a check of the journal's hash chain found.
///
/// @param entries in the union of both databases, void ones too
/// @param beforeTheChain entries of versions that wrote no hash; nothing can be said about them
/// @param headSequence number of the last entry that is not void; 0 when there is none
/// @param headHash its hash, which stands for everything before it; empty when it has none
/// @param notes what is odd and no sign that somebody changed something, as sentences
/// @param silent databases that could not be read, as sentences; the check covers the others only
/// @param misfit the first entry that does not fit; null when all fit
public record AuditReport(
    int entries,
    int beforeTheChain,
    long headSequence,
    String headHash,
    List<String> notes,
    List<String> silent,
    @Nullable Misfit misfit) {
  public AuditReport {
    notes = List.copyOf(notes);
    silent = List.copyOf(silent);
  }

  /// @param sequence of the entry
  /// @param what does not fit, as a sentence
  public record Misfit(long sequence, String what) {}

  /// Whether there is nothing to check. A journal that somebody removed as a whole looks the same.
  public boolean empty() {
    return entries == 0 && misfit == null;
  }

  /// Whether both databases were read, have a journal, and every entry fits.
  public boolean sound() {
    return misfit == null && silent.isEmpty() && !empty();
  }
}
