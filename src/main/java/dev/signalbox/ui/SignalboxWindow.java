package dev.signalbox.ui;

import dev.signalbox.engine.Engine;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.fx.Fonts;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Theme;
import dev.signalbox.ui.fx.WindowMemory;
import dev.signalbox.ui.fx.WindowPlace;
import dev.signalbox.ui.order.Orders;
import dev.signalbox.ui.shell.ScreenModule;
import dev.signalbox.ui.shell.ShellView;
import dev.signalbox.ui.shell.ShellViewModel;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import javafx.application.Platform;
import javafx.geometry.Rectangle2D;
import javafx.scene.Scene;
import javafx.scene.image.Image;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;

/// A window on an engine. It never closes the engine: closing the window is no command.
public final class SignalboxWindow implements AutoCloseable {
  private static final Duration GAP = Duration.ofMillis(50);
  private static final List<Integer> ICONS = List.of(16, 32, 48, 128, 256);

  private final WindowOptions options;
  private final Stage stage;
  private final ShellViewModel model;
  private final EngineBridge bridge;
  private final CountDownLatch closed = new CountDownLatch(1);
  private Theme theme;

  private SignalboxWindow(Engine engine, WindowOptions options, Stage stage) {
    this.options = options;
    this.stage = stage;
    List<Rectangle2D> screens = screens();
    WindowMemory.State remembered = WindowPlace.fit(options.memory().read(), screens);
    theme = remembered.theme();
    Executor screen = Platform::runLater;
    model = new ShellViewModel(new Orders(engine::submit, screen), options.zone(), Screens::of);
    model.open(remembered.screen());
    for (ScreenModule each : model.screens()) {
      String words = remembered.searches().getOrDefault(each.id(), "");
      each.search().ifPresent(search -> search.words().set(words));
    }
    ShellView view = new ShellView(model, theme, chosen -> theme = chosen);
    Scene scene = view.scene(remembered.width(), remembered.height());
    bridge = new EngineBridge(engine, screen, GAP, InstantSource.system(), model::show);
    stage.setTitle(Messages.text("app.name"));
    stage.setScene(scene);
    stage.setMinWidth(Math.min(WindowMemory.MIN_WIDTH, remembered.width()));
    stage.setMinHeight(Math.min(WindowMemory.MIN_HEIGHT, remembered.height()));
    for (int size : ICONS) {
      InputStream icon = getClass().getResourceAsStream("icons/signalbox-" + size + ".png");
      if (icon != null) {
        stage.getIcons().add(new Image(icon));
      }
    }
    if (!Double.isNaN(remembered.x())) {
      stage.setX(remembered.x());
      stage.setY(remembered.y());
    }
    stage.setOnHidden(_ -> onHidden());
  }

  /// Opens a window and returns when it is on the screen. Starts the toolkit when nobody has; may
  /// be called again later. Not on the JavaFX thread.
  ///
  /// @throws IllegalStateException when there is no display, or the window cannot be made
  public static SignalboxWindow open(Engine engine, WindowOptions options) {
    if (Platform.isFxApplicationThread()) {
      throw new IllegalStateException("a window is opened from a thread that may wait");
    }
    CompletableFuture<SignalboxWindow> opened = new CompletableFuture<>();
    Runnable task =
        () -> {
          try {
            Platform.setImplicitExit(false);
            Fonts.load();
            SignalboxWindow window = new SignalboxWindow(engine, options, new Stage());
            window.stage.show();
            window.bridge.start();
            opened.complete(window);
          } catch (RuntimeException | Error e) {
            opened.completeExceptionally(e);
          }
        };
    try {
      Platform.startup(() -> {});
    } catch (IllegalStateException e) {
      // The toolkit already runs: JavaFX has no way to ask beforehand.
    } catch (UnsupportedOperationException e) {
      throw new IllegalStateException(
          "no window can be opened here: there is no display. Set DISPLAY, or run headless", e);
    }
    Platform.runLater(task);
    return opened.join();
  }

  /// Whether a window could be opened: on Linux, whether a display is named or the headless
  /// platform chosen; elsewhere, unless Java itself runs headless.
  public static boolean displayAvailable() {
    if (isHeadless()) {
      return true;
    }
    boolean linux = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
    return linux
        ? isNamed(System.getenv("DISPLAY")) || isNamed(System.getenv("WAYLAND_DISPLAY"))
        : !Boolean.getBoolean("java.awt.headless");
  }

  /// Waits until the window is closed.
  public void awaitClosed() throws InterruptedException {
    closed.await();
  }

  /// Closes the window from any thread. Closing twice is harmless.
  @Override
  public void close() {
    Platform.runLater(stage::hide);
  }

  private void onHidden() {
    bridge.close();
    options
        .memory()
        .write(
            new WindowMemory.State(
                stage.getX(),
                stage.getY(),
                stage.getScene().getWidth(),
                stage.getScene().getHeight(),
                theme,
                model.screen().get().id(),
                searches()));
    closed.countDown();
    options.onClosed().run();
  }

  private Map<String, String> searches() {
    Map<String, String> searches = new HashMap<>();
    for (ScreenModule each : model.screens()) {
      each.search().ifPresent(search -> searches.put(each.id(), search.words().get()));
    }
    return searches;
  }

  private static boolean isHeadless() {
    return "Headless".equalsIgnoreCase(System.getProperty("glass.platform"));
  }

  /// What a window has to fit into, the main screen first; none without a display.
  private static List<Rectangle2D> screens() {
    return isHeadless()
        ? List.of()
        : Stream.concat(
                Stream.of(javafx.stage.Screen.getPrimary()),
                javafx.stage.Screen.getScreens().stream())
            .map(javafx.stage.Screen::getVisualBounds)
            .toList();
  }

  private static boolean isNamed(@Nullable String display) {
    return display != null && !display.isBlank();
  }
}
