package dev.signalbox.ui.fx;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javafx.application.Application;
import javafx.scene.Scene;

/// How the window is coloured.
public enum Theme {
  DARK(new PrimerDark().getUserAgentStylesheet()),
  LIGHT(new PrimerLight().getUserAgentStylesheet()),
  /// Black and white with stronger lines and signs.
  CONTRAST(new PrimerDark().getUserAgentStylesheet());

  private final String base;

  Theme(String base) {
    this.base = base;
  }

  /// Colours a scene. JavaFX thread.
  public void apply(Scene scene) {
    if (!base.equals(Application.getUserAgentStylesheet())) {
      Application.setUserAgentStylesheet(base);
    }
    scene.getStylesheets().setAll(List.of(sheet("signalbox"), sheet(id())));
  }

  /// The next one, in a circle.
  public Theme next() {
    return switch (this) {
      case DARK -> LIGHT;
      case LIGHT -> CONTRAST;
      case CONTRAST -> DARK;
    };
  }

  /// The name as stored and as in the message bundle.
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static String sheet(String name) {
    String path = "/dev/signalbox/ui/" + name + ".css";
    return Objects.requireNonNull(Theme.class.getResource(path), path).toExternalForm();
  }
}
