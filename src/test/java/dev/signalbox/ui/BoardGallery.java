package dev.signalbox.ui;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.fx.Fonts;
import dev.signalbox.ui.fx.Theme;
import dev.signalbox.ui.order.Action;
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
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.TableView;
import javafx.scene.image.PixelReader;
import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import javax.imageio.ImageIO;
import org.testfx.api.FxRobot;

/// Draws the Board in every sample state, and the Strategy screen in those that begin with
/// `strategy-`, to PNG files, without a display: `BoardGallery FOLDER [NAME…]`. A name may be that
/// of one picture, for example `ready-1440-dark`. Look at every one of them after a change.
public final class BoardGallery {
  private record Size(int width, int height) {}

  private static final List<Size> SIZES = List.of(new Size(1440, 900), new Size(1024, 700));

  private BoardGallery() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    List<String> wanted = List.of(arguments).subList(1, arguments.length);
    open();
    Map<String, EngineSnapshot> all = Samples.all();
    all.put("verifying", Samples.verifying());
    all.put("board-strategy", Samples.with(Samples.verifying(), StrategySamples.steady()));
    all.put("board-draining", Samples.with(Samples.greenDead(), StrategySamples.draining()));
    all.put("board-cluster-dead", Samples.clusterDead());
    all.put("alone-asked", Samples.noMajority());
    all.put("first-key", Samples.after());
    all.put("three-notices", Samples.wasFineThenDied());
    all.put("give-up-asked", Samples.verifying());
    all.putAll(PlaneSamples.all());
    all.putAll(StrategySamples.all());
    for (Map.Entry<String, EngineSnapshot> sample : all.entrySet()) {
      for (Theme theme : Theme.values()) {
        for (Size size : SIZES) {
          String file = sample.getKey() + "-" + size.width() + "-" + theme.id();
          if (wanted.isEmpty() ? isUsual(sample.getKey(), theme, size) : isOne(wanted, file)) {
            draw(sample.getKey(), update(sample), theme, size, folder);
          }
        }
      }
    }
    close();
  }

  private static boolean isUsual(String name, Theme theme, Size size) {
    boolean once = name.equals("ready") || name.equals("strategy-draining");
    return theme != Theme.CONTRAST || (size.width() == 1440 && once);
  }

  private static boolean isOne(List<String> wanted, String file) {
    return wanted.stream().anyMatch(name -> file.equals(name) || file.startsWith(name + "-1"));
  }

  private static EngineBridge.Update update(Map.Entry<String, EngineSnapshot> sample) {
    String name = sample.getKey();
    int events = name.equals("idle") || name.equals("no-data") ? 0 : 40;
    return new EngineBridge.Update(
        sample.getValue(), Samples.events(events), Samples.NOW.plusMillis(400));
  }

  /// Starts the toolkit; once, and then [#close].
  static void open() {
    Platform.startup(() -> {});
    Platform.setImplicitExit(false);
    on(Fonts::load);
  }

  static void close() {
    Platform.exit();
  }

  /// Draws one state in each size, as `NAME-WIDTH-THEME.png`.
  static void draw(String name, EngineBridge.Update update, Theme theme, Path folder)
      throws IOException {
    for (Size size : SIZES) {
      draw(name, update, theme, size, folder);
    }
  }

  private static void draw(
      String name, EngineBridge.Update update, Theme theme, Size size, Path folder)
      throws IOException {
    String file = name + "-" + size.width() + "-" + theme.id() + ".png";
    save(picture(update, name, theme, size), folder.resolve(file));
  }

  private static WritableImage picture(
      EngineBridge.Update update, String name, Theme theme, Size size) {
    CompletableFuture<WritableImage> image = new CompletableFuture<>();
    Stage[] stage = new Stage[1];
    SampleEngine engine = new SampleEngine(update.snapshot());
    Orders orders = new Orders(engine::submit, Runnable::run);
    ShellViewModel model = new ShellViewModel(orders, ZoneId.of("CET"), Screens::of);
    on(() -> {
      Scene scene = new ShellView(model, theme, _ -> {}).scene(size.width(), size.height());
      stage[0] = new Stage();
      stage[0].setScene(scene);
      stage[0].show();
      model.show(update);
      if (name.equals("green-dead")) {
        model.rollBack();
      }
      if (name.equals("three-notices")) {
        answerAll(orders, engine);
      }
      if (name.startsWith("strategy-")) {
        model.open("strategy");
        stage[0].getScene().getRoot().lookupAll(".lines").forEach(BoardGallery::selectFirst);
      }
    });
    // A button is heard once the window was painted.
    frames(8);
    on(() -> {
      Scene scene = stage[0].getScene();
      switch (name) {
        case "three-notices", "give-up-asked" -> ((Button) scene.lookup("#action-give-up")).fire();
        case "alone-asked" -> ((Button) scene.lookup("#action-take-over")).fire();
        default -> {}
      }
      model.show(update);
    });
    if (name.equals("first-key")) {
      new FxRobot().type(KeyCode.SPACE, KeyCode.ENTER, KeyCode.TAB);
    }
    // Enough frames for sentences that wrap, for the style of what just appeared, for a fade.
    frames(24);
    on(() -> image.complete(stage[0].getScene().snapshot(null)));
    on(() -> stage[0].hide());
    return image.join();
  }

  private static void answerAll(Orders orders, SampleEngine engine) {
    Outcome[] answers = {
      new Outcome.Done("The release goes on from 'compare orders'."),
      new Outcome.Refused("In step: 2.1 s on green. Wait until it is below, then cut over."),
      new Outcome.Failed(
          "GREEN → BLUE was not begun: neither database answers. What was done so far stands. Start"
              + " the servers; the release goes on by itself."),
    };
    List<Action> actions = List.of(Action.RESUME, Action.CUT_OVER, Action.ROLL_BACK);
    for (int i = 0; i < answers.length; i++) {
      orders.give(actions.get(i), new Command.Resume());
      engine.given().getLast().answer().complete(answers[i]);
    }
  }

  private static void selectFirst(Node node) {
    if (node instanceof TableView<?> table) {
      table.getSelectionModel().select(0);
    }
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
