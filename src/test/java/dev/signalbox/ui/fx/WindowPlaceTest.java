package dev.signalbox.ui.fx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import javafx.geometry.Rectangle2D;
import org.junit.jupiter.api.Test;

class WindowPlaceTest {
  private static final Rectangle2D LARGE = new Rectangle2D(0, 25, 2560, 1415);
  private static final Rectangle2D SMALL = new Rectangle2D(0, 0, 1366, 728);
  private static final Rectangle2D TINY = new Rectangle2D(0, 0, 800, 600);

  @Test
  void theFirstSizeFitsTheScreen() {
    assertSize(WindowPlace.fit(WindowMemory.State.DEFAULT, List.of(LARGE)), 1440, 900);
    assertSize(WindowPlace.fit(WindowMemory.State.DEFAULT, List.of(SMALL)), 1366, 688);
    assertSize(WindowPlace.fit(WindowMemory.State.DEFAULT, List.of(TINY)), 800, 560);
    assertThat(WindowPlace.fit(WindowMemory.State.DEFAULT, List.of(SMALL)).x()).isNaN();
  }

  @Test
  void aWindowThatIsRememberedFitsTheScreenThatItLiesOn() {
    Rectangle2D right = new Rectangle2D(2560, 0, 1366, 728);
    WindowMemory.State fitted = WindowPlace.fit(at(2600, 20, 1440, 900), List.of(LARGE, right));
    assertSize(fitted, 1366, 688);
    assertThat(fitted.x()).isEqualTo(2560);
    assertThat(fitted.y()).isZero();
    WindowMemory.State kept = at(100, 60, 1200, 800);
    assertThat(WindowPlace.fit(kept, List.of(LARGE, right))).isEqualTo(kept);
  }

  @Test
  void aScreenThatIsGoneDoesNotSwallowTheWindow() {
    WindowMemory.State fitted = WindowPlace.fit(at(2600, 20, 1440, 900), List.of(LARGE));
    assertThat(fitted.x()).isNaN();
    assertSize(fitted, 1440, 900);
  }

  private static void assertSize(WindowMemory.State state, double width, double height) {
    assertThat(state.width()).isEqualTo(width);
    assertThat(state.height()).isEqualTo(height);
  }

  private static WindowMemory.State at(double x, double y, double width, double height) {
    return new WindowMemory.State(x, y, width, height, Theme.DARK, "board", Map.of());
  }
}
