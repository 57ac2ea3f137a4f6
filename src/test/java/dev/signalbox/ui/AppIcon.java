package dev.signalbox.ui;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.SnapshotParameters;
import javafx.scene.image.PixelReader;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javax.imageio.ImageIO;

/// Draws the icon of the application, the mark of the top bar, in every size a desktop asks for:
/// `AppIcon FOLDER`.
public final class AppIcon {
  private static final List<Integer> SIZES = List.of(16, 32, 48, 128, 256);

  private AppIcon() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    Platform.startup(() -> {});
    for (int size : SIZES) {
      CompletableFuture<WritableImage> drawn = new CompletableFuture<>();
      Platform.runLater(() -> drawn.complete(draw(size)));
      save(drawn.join(), folder.resolve("signalbox-" + size + ".png"));
    }
    Platform.exit();
  }

  /// A margin of a sixteenth, so that it stands beside other icons as one of them.
  private static WritableImage draw(int size) {
    double margin = Math.floor(size / 16.0);
    double side = size - 2 * margin;
    Region mark = new Region();
    mark.setStyle(
        """
        -fx-background-color: linear-gradient(to bottom right,
          #5aa9ff 0%, #5aa9ff 49%, #3fcf8e 51%, #3fcf8e 100%);
        -fx-background-radius:\
        """
            + side * 6 / 22
            + "px;");
    mark.resizeRelocate(margin, margin, side, side);
    Pane pane = new Pane(mark);
    mark.setManaged(false);
    pane.setStyle("-fx-background-color: transparent");
    Scene scene = new Scene(pane, size, size, Color.TRANSPARENT);
    SnapshotParameters clear = new SnapshotParameters();
    clear.setFill(Color.TRANSPARENT);
    pane.applyCss();
    WritableImage image = new WritableImage((int) scene.getWidth(), (int) scene.getHeight());
    return pane.snapshot(clear, image);
  }

  private static void save(WritableImage image, Path file) throws IOException {
    int size = (int) image.getWidth();
    BufferedImage picture = new BufferedImage(size, size, BufferedImage.TYPE_INT_ARGB);
    PixelReader pixels = image.getPixelReader();
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        picture.setRGB(x, y, pixels.getArgb(x, y));
      }
    }
    ImageIO.write(picture, "png", file.toFile());
  }
}
