package dev.signalbox.ui.control;

import javafx.scene.layout.Region;

/// A status, drawn: no font has all of the signs.
public final class SignIcon extends Region {
  private Sign sign = Sign.UNKNOWN;

  public SignIcon(Sign sign) {
    getStyleClass().add("sign");
    setMouseTransparent(true);
    getStyleClass().add(this.sign.style());
    show(sign);
  }

  public void show(Sign shown) {
    if (shown != sign) {
      getStyleClass().remove(sign.style());
      getStyleClass().add(shown.style());
      sign = shown;
    }
  }
}
