package dev.signalbox.engine.database.sync;

import dev.signalbox.engine.DatabaseView.TableProgress;
import dev.signalbox.engine.Lsn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a side says of the direction that leaves it and of the one that comes in.
///
/// @param sender of what leaves; empty when nothing was set up
/// @param receiver of what comes in; empty when nothing was set up
/// @param tables of what comes in, each with its progress
/// @param sendingAltered what was changed by hand of what leaves, in a sentence; empty when it is
///   as it was made
/// @param receivingAltered the same for what comes in
public record Ends(
    Optional<Sender> sender,
    Optional<Receiver> receiver,
    List<TableProgress> tables,
    String sendingAltered,
    String receivingAltered) {
  public static final Ends NONE = new Ends(Optional.empty(), Optional.empty(), List.of(), "", "");

  /// What was changed by hand of the direction that leaves here, at either end; empty when it is as
  /// it was made. Then rows are left out without an error and without a lag.
  public String altered(Ends receiving) {
    return sendingAltered.isEmpty() ? receiving.receivingAltered : sendingAltered;
  }

  /// @param lagBytes log not yet applied on the other side; -1 when unknown
  /// @param retained log kept for the other side, bytes
  /// @param active whether the other side is connected
  /// @param walStatus `lost` when the slot can no longer be used
  /// @param lag as the server measured it; null when it had nothing to measure
  /// @param headroom bytes of log until the slot is in danger; -1 when there is no limit
  public record Sender(
      Lsn end,
      long lagBytes,
      long retained,
      boolean active,
      String walStatus,
      @Nullable Duration lag,
      long headroom) {}

  /// @param errors of applying and copying, since it was set up
  /// @param unready tables whose copy is not complete
  public record Receiver(boolean enabled, boolean working, long errors, int unready) {}
}
