package dev.signalbox.ui.order;

import dev.signalbox.engine.LeverId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What an operator can ask for. Each has its own state, so that one that hangs never blocks
/// another: least of all the way back.
public enum Action {
  START(LeverId.START),
  CUT_OVER(LeverId.CUT_OVER),
  ROLL_BACK(LeverId.ROLL_BACK),
  RESUME(LeverId.RESUME),
  GIVE_UP(LeverId.GIVE_UP),
  CLEAN_UP(LeverId.CLEAN_UP),
  TAKE_OVER(LeverId.TAKE_OVER),
  /// About one query, not about the release.
  CANCEL_QUERY(null);

  private final @Nullable LeverId lever;

  Action(@Nullable LeverId lever) {
    this.lever = lever;
  }

  /// The lever of the release that it pulls.
  ///
  /// @throws NullPointerException for an action that is not about the release
  public LeverId lever() {
    return Objects.requireNonNull(lever);
  }
}
