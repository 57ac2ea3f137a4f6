package dev.signalbox.ui.fx;

import java.util.List;
import javafx.geometry.Rectangle2D;

/// Fits a window to the screens that there are: a screen that is gone, or that is smaller than it
/// was, must not swallow it.
public final class WindowPlace {
  /// What a title bar and borders may take, in pixels: known only once the window is shown.
  static final double TITLE_BAR = 40;

  /// How much of the title bar must be seen, to take hold of it.
  private static final double HANDLE = 80;

  private WindowPlace() {}

  /// The same with a size that fits the screen it lies on, or the first one, and with a place only
  /// when that is on a screen.
  ///
  /// @param screens what each can show without task bars; the first one is the main one
  public static WindowMemory.State fit(WindowMemory.State state, List<Rectangle2D> screens) {
    if (screens.isEmpty()) {
      return state;
    }
    boolean placed = !Double.isNaN(state.x()) && !Double.isNaN(state.y());
    Rectangle2D screen =
        screens.stream()
            .filter(each -> placed && each.contains(state.x() + HANDLE, state.y() + HANDLE / 4))
            .findFirst()
            .orElse(null);
    Rectangle2D room = screen == null ? screens.getFirst() : screen;
    double width = Math.min(state.width(), room.getWidth());
    double height = Math.min(state.height(), room.getHeight() - TITLE_BAR);
    boolean fits =
        screen != null
            && state.x() + width <= room.getMaxX()
            && state.y() + height + TITLE_BAR <= room.getMaxY();
    return new WindowMemory.State(
        screen == null ? Double.NaN : fits ? state.x() : room.getMinX(),
        screen == null ? Double.NaN : fits ? state.y() : room.getMinY(),
        width,
        height,
        state.theme(),
        state.screen(),
        state.searches());
  }
}
