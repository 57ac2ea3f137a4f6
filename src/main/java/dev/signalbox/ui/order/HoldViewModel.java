package dev.signalbox.ui.order;

import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;

/// A lever that acts only after it was held: once per hold, never on a click.
public final class HoldViewModel {
  /// How long to hold, in nanoseconds.
  public static final long HOLD_NANOS = 1_000_000_000L;

  private final Runnable act;
  private final ReadOnlyDoubleWrapper progress = new ReadOnlyDoubleWrapper();
  private long since;
  private boolean held;
  private boolean acted;

  public HoldViewModel(Runnable act) {
    this.act = act;
  }

  /// Takes hold; a second press while held (key repeat) changes nothing.
  public void press(long nanos) {
    if (!held) {
      held = true;
      since = nanos;
    }
  }

  /// Lets go; what was not held long enough did nothing.
  public void release() {
    held = false;
    acted = false;
    progress.set(0);
  }

  /// The time goes on. Acts when the lever was held long enough.
  ///
  /// @return whether it is still held and wants more ticks
  public boolean tick(long nanos) {
    if (!held || acted) {
      return false;
    }
    double share = (double) (nanos - since) / HOLD_NANOS;
    if (share < 1) {
      progress.set(Math.max(0, share));
      return true;
    }
    // Still held: a key that repeats must be let go before it can act again.
    acted = true;
    progress.set(0);
    act.run();
    return false;
  }

  /// 0 to 1.
  public ReadOnlyDoubleProperty progress() {
    return progress.getReadOnlyProperty();
  }
}
