package dev.signalbox.ui;

import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.fx.Fonts;
import dev.signalbox.ui.fx.Theme;
import dev.signalbox.ui.order.Orders;
import dev.signalbox.ui.shell.ShellView;
import dev.signalbox.ui.shell.ShellViewModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.image.PixelReader;
import javafx.scene.image.WritableImage;
import javafx.stage.Stage;
import javax.imageio.ImageIO;

/// Draws the Board in every sample state to PNG files, without a display: `BoardGallery FOLDER
/// [NAME…]`. Look at every one of them after a change.
public final class BoardGallery {
  private record Size(int width, int height) {}

  private static final List<Size> SIZES = List.of(new Size(1440, 900), new Size(1024, 700));

  private BoardGallery() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    List<String> wanted = List.of(arguments).subList(1, arguments.length);
    Platform.startup(() -> {});
    Platform.setImplicitExit(false);
    on(Fonts::load);
    Map<String, EngineSnapshot> all = Samples.all();
    all.put("verifying", Samples.verifying());
    for (Map.Entry<String, EngineSnapshot> sample : all.entrySet()) {
      if (!wanted.isEmpty() && !wanted.contains(sample.getKey())) {
        continue;
      }
      for (Theme theme : Theme.values()) {
        for (Size size : SIZES) {
          boolean contrast = theme == Theme.CONTRAST;
          if (!contrast || (size.width() == 1440 && sample.getKey().equals("ready"))) {
            String name = sample.getKey() + "-" + size.width() + "-" + theme.id() + ".png";
            WritableImage image = draw(sample.getValue(), sample.getKey(), theme, size);
            save(image, folder.resolve(name));
          }
        }
      }
    }
    Platform.exit();
  }

  private static WritableImage draw(EngineSnapshot snapshot, String name, Theme theme, Size size) {
    CompletableFuture<WritableImage> image = new CompletableFuture<>();
    Stage[] stage = new Stage[1];
    SampleEngine engine = new SampleEngine(snapshot);
    ShellViewModel model =
        new ShellViewModel(new Orders(engine::submit, Platform::runLater), ZoneId.of("CET"));
    on(() -> {
      Scene scene = new ShellView(model, theme, _ -> {}).scene(size.width(), size.height());
      stage[0] = new Stage();
      stage[0].setScene(scene);
      stage[0].show();
      int events = name.equals("idle") || name.equals("no-data") ? 0 : 40;
      model.show(
          new EngineBridge.Update(snapshot, Samples.events(events), Samples.NOW.plusMillis(400)));
      if (name.equals("green-dead")) {
        model.rollBack();
      }
    });
    // Enough frames for sentences that wrap, for the style of what just appeared, for a fade.
    frames(24);
    on(() -> image.complete(stage[0].getScene().snapshot(null)));
    on(() -> stage[0].hide());
    return image.join();
  }

  private static void save(WritableImage image, Path file) throws IOException {
    int width = (int) image.getWidth();
    int height = (int) image.getHeight();
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    PixelReader pixels = image.getPixelReader();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        picture.setRGB(x, y, pixels.getArgb(x, y));
      }
    }
    ImageIO.write(picture, "png", file.toFile());
  }

  private static void frames(int count) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    on(() ->
        new AnimationTimer() {
          private int seen;

          @Override
          public void handle(long now) {
            if (++seen >= count) {
              stop();
              done.complete(null);
            }
          }
        }.start());
    done.join();
  }

  private static void on(Runnable task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Platform.runLater(() -> {
      try {
        task.run();
        done.complete(null);
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    done.join();
  }
}
