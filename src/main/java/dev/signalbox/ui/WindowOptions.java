package dev.signalbox.ui;

import dev.signalbox.ui.fx.WindowMemory;
import java.time.ZoneId;

/// How a window opens.
///
/// @param memory where it remembers place, size, theme, screen and filter
/// @param zone for the local time beside UTC
/// @param onClosed runs once when the window was closed, on the JavaFX thread; must return soon
public record WindowOptions(WindowMemory memory, ZoneId zone, Runnable onClosed) {
  /// What an operator's window uses.
  public static WindowOptions standard() {
    return new WindowOptions(WindowMemory.ofUser(), ZoneId.systemDefault(), () -> {});
  }

  public WindowOptions onClosed(Runnable action) {
    return new WindowOptions(memory, zone, action);
  }
}
