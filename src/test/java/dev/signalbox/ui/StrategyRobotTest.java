package dev.signalbox.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.StrategyView.Client;
import dev.signalbox.support.Await;
import dev.signalbox.ui.fx.Theme;
import dev.signalbox.ui.fx.WindowMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javafx.application.Platform;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.IndexedCell;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.input.KeyCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;

/// The Strategy screen in a window, driven as an operator would.
class StrategyRobotTest {
  @TempDir private Path folder;
  private final FxRobot robot = new FxRobot();

  @Test
  void operatorGoesThereByStripAndKeysCancelsAQueryAndComesBackToTheSameScreen() throws Exception {
    SampleEngine engine = new SampleEngine(state(StrategySamples.draining(), 1));
    WindowMemory memory = new WindowMemory(folder.resolve("window.properties"));
    memory.write(
        new WindowMemory.State(0, 0, 1000, 700, Theme.DARK, "a screen of tomorrow", Map.of()));
    SignalboxWindow window =
        SignalboxWindow.open(engine, new WindowOptions(memory, ZoneOffset.UTC, () -> {}));
    try {
      Await.until("strip", () -> spoken("#strategy-strip").contains("active ■ Blue"));
      click("#strategy-strip");
      Await.until("strategy", () -> isThere("#strategy") && !isThere("#board"));
      assertThat(spoken("#rail-strategy")).isEqualTo("Strategy, this screen, Control 2");
      press(KeyCode.DIGIT1);
      Await.until("board", () -> isThere("#board") && !isThere("#strategy"));
      press(KeyCode.DIGIT2);
      Await.until("strategy again", () -> isThere("#strategy"));
      Await.until("what is so", () -> spoken("#cluster-now").contains("q-7f3a91 of anna"));

      Await.until("locked", () -> spoken("#cancel-query").contains("select one"));
      Await.until("lines", () -> robot.lookup("q-7f3a91").tryQuery().isPresent());
      // A line that is laid out anew between press and release is not chosen by them.
      Await.until(
          "lever",
          () -> {
            click("q-7f3a91");
            return Await.within(
                Duration.ofSeconds(2),
                () -> spoken("#cancel-query").startsWith("Cancel query q-7f3a91, hold"));
          });
      robot.type(KeyCode.ENTER);
      assertThat(engine.given()).isEmpty();
      robot.type(KeyCode.DELETE);
      Await.until("focus", () -> robot.lookup("#cancel-query").query().isFocused());
      assertThat(engine.given()).isEmpty();
      robot.press(KeyCode.ENTER);
      Await.until("cancel given", () -> engine.given().size() == 1);
      robot.release(KeyCode.ENTER);
      assertThat(engine.given().getFirst().command())
          .isEqualTo(new Command.CancelQuery("q-7f3a91"));
      Await.until("sent", () -> spoken("#cancel-query").contains("waiting for the cluster"));
      engine.given().getFirst().answer().complete(new Outcome.Refused("It ended just now."));
      Await.until("refusal", () -> spoken("#notice-text").equals("It ended just now."));

      click("#rail-strategy");
      robot.type(KeyCode.SLASH);
      TextField filter = robot.lookup("#fleet-filter").queryAs(TextField.class);
      Await.until("filter", filter::isFocused);
      robot.write("note");
      Await.until("one client", () -> table("#fleet").getItems().size() == 1);
      engine.publish(state(StrategySamples.green(), 2));
      Await.until("followed", () -> spoken("#cluster-now").startsWith("Green answers"));
      assertThat(table("#fleet").getItems()).hasSize(1);
    } finally {
      window.close();
      window.awaitClosed();
    }

    SignalboxWindow again =
        SignalboxWindow.open(engine, new WindowOptions(memory, ZoneOffset.UTC, () -> {}));
    try {
      Await.until("same screen", () -> isThere("#strategy"));
      Await.until("same filter", () -> table("#fleet").getItems().size() == 1);
      engine.publish(Samples.at(Samples.ready(), Instant.now(), 3, 0));
      Await.until("what to do", () -> spoken("#strategy-empty").contains("no query cluster"));
      press(KeyCode.DIGIT1);
      Await.until("no strip", () -> !robot.lookup("#strategy-strip").query().isVisible());
    } finally {
      again.close();
      again.awaitClosed();
    }
  }

  @Test
  void selectionAndSeenLinesStayWhenAClientComesBeforeThem() throws Exception {
    StrategyView first = StrategySamples.fleet(500, 0);
    SampleEngine engine = new SampleEngine(state(first, 1));
    WindowMemory memory = new WindowMemory(folder.resolve("window.properties"));
    memory.write(new WindowMemory.State(0, 0, 1440, 900, Theme.DARK, "strategy", Map.of()));
    SignalboxWindow window =
        SignalboxWindow.open(engine, new WindowOptions(memory, ZoneOffset.UTC, () -> {}));
    try {
      Await.until("clients", () -> table("#fleet").getItems().size() == 500);
      TableView<?> fleet = table("#fleet");
      // A table that is not laid out yet knows no lines, and scrolls to somewhere near.
      Await.until("lines", () -> onScreenThread(() -> firstSeen(fleet)) == 0);
      robot.interact(() -> fleet.scrollTo(200));
      Await.until("scrolled", () -> onScreenThread(() -> firstSeen(fleet)) == 200);
      robot.interact(() -> fleet.getSelectionModel().select(203));
      Object seen = fleet.getItems().get(200);
      Object selected = fleet.getItems().get(203);
      String name = spoken("#client-name");

      List<Client> more = new ArrayList<>(first.clients());
      // Named 'billing-worker': before all others.
      more.removeIf(client -> client.id().equals("c-2") || client.id().equals("c-10"));
      more.add(StrategySamples.client(2, "blue", Colour.BLUE, null, 0, 0, ""));
      more.add(StrategySamples.client(1_002, "blue", Colour.BLUE, null, 0, 0, ""));
      more.add(StrategySamples.client(2_002, "blue", Colour.BLUE, null, 0, 0, ""));
      more.add(StrategySamples.client(3_002, "blue", Colour.BLUE, null, 0, 0, ""));
      more.add(StrategySamples.client(4_002, "blue", Colour.BLUE, null, 0, 0, ""));
      engine.publish(state(StrategySamples.withClients(first, more), 2));
      Await.until("more clients", () -> fleet.getItems().size() == more.size());
      assertThat(fleet.getItems().indexOf(seen)).isNotEqualTo(200);
      Await.until(
          "same lines",
          () -> seen.equals(onScreenThread(() -> fleet.getItems().get(firstSeen(fleet)))));
      assertThat(fleet.getSelectionModel().getSelectedItem()).isSameAs(selected);
      assertThat(spoken("#client-name")).isEqualTo(name).isNotEmpty();
    } finally {
      window.close();
      window.awaitClosed();
    }
  }

  /// In a small window of a large fleet, also when the line that is seen first goes itself.
  @Test
  void seenLinesStayWhileClientsComeAndGo() throws Exception {
    StrategyView first = StrategySamples.fleet(3_000, 0);
    SampleEngine engine = new SampleEngine(state(first, 1));
    WindowMemory memory = new WindowMemory(folder.resolve("window.properties"));
    memory.write(new WindowMemory.State(0, 0, 1000, 700, Theme.DARK, "strategy", Map.of()));
    SignalboxWindow window =
        SignalboxWindow.open(engine, new WindowOptions(memory, ZoneOffset.UTC, () -> {}));
    try {
      Await.until("clients", () -> table("#fleet").getItems().size() == 3_000);
      TableView<?> fleet = table("#fleet");
      Await.until("lines", () -> onScreenThread(() -> firstSeen(fleet)) == 0);
      robot.interact(() -> fleet.scrollTo(1_500));
      Await.until("scrolled", () -> onScreenThread(() -> firstSeen(fleet)) == 1_500);
      List<Client> clients = new ArrayList<>(first.clients());
      clients.sort(
          Comparator.comparing(Client::name, String.CASE_INSENSITIVE_ORDER)
              .thenComparing(Client::id));
      for (int round = 0; round < 6; round++) {
        Object second = onScreenThread(() -> fleet.getItems().get(firstSeen(fleet) + 1));
        int before = fleet.getItems().indexOf(second);
        int gone = round % 2 == 0 ? 40 : 3;
        int come = round % 3 == 0 ? 7 : 90;
        // Far above, and the line that is seen first.
        clients.subList(10, 10 + gone).clear();
        clients.remove(before - 1 - gone);
        for (int i = 0; i < come; i++) {
          clients.add(
              StrategySamples.client(
                  100_002 + 10 * (100 * round + i), "blue", Colour.BLUE, null, 0, 0, ""));
        }
        clients.sort(
            Comparator.comparing(Client::name, String.CASE_INSENSITIVE_ORDER)
                .thenComparing(Client::id));
        int size = clients.size();
        engine.publish(state(StrategySamples.withClients(first, List.copyOf(clients)), round + 2));
        Await.until("round " + round, () -> fleet.getItems().size() == size);
        assertThat(fleet.getItems().indexOf(second)).isNotEqualTo(before);
        Await.until(
            "the second line is the second in round " + round,
            () -> second.equals(onScreenThread(() -> fleet.getItems().get(firstSeen(fleet) + 1))));
      }
    } finally {
      window.close();
      window.awaitClosed();
    }
  }

  private static EngineSnapshot state(StrategyView view, long version) {
    Instant now = Instant.now();
    return Samples.at(
        Samples.with(Samples.ready(), StrategySamples.at(view, now)), now, version, 0);
  }

  private static int firstSeen(TableView<?> table) {
    VirtualFlow<?> flow = (VirtualFlow<?>) table.lookup(".virtual-flow");
    IndexedCell<?> first = flow.getFirstVisibleCell();
    return first == null ? -1 : first.getIndex();
  }

  /// TestFX would work out where the node is on this thread, while the window lays it out. A screen
  /// that was just opened is laid out several times: what is clicked must stay where it is.
  private void click(String query) throws Exception {
    AtomicReference<@Nullable Bounds> before = new AtomicReference<>();
    Await.until(
        query + " stays where it is",
        () -> {
          Bounds now = laidOut(robot.lookup(query).query());
          return now.equals(before.getAndSet(now));
        });
    Bounds bounds = Objects.requireNonNull(before.get());
    robot.clickOn(bounds.getCenterX(), bounds.getCenterY());
  }

  /// Where a node is after the next time that the window is laid out.
  private static Bounds laidOut(Node node) throws Exception {
    CompletableFuture<Bounds> bounds = new CompletableFuture<>();
    Runnable look = () -> bounds.complete(node.localToScreen(node.getBoundsInLocal()));
    Scene scene = onScreenThread(node::getScene);
    Platform.runLater(() -> {
      scene.addPostLayoutPulseListener(look);
      Platform.requestNextPulse();
    });
    try {
      return bounds.get(10, TimeUnit.SECONDS);
    } finally {
      Platform.runLater(() -> scene.removePostLayoutPulseListener(look));
    }
  }

  private static <T> T onScreenThread(Callable<T> task) throws Exception {
    FutureTask<T> future = new FutureTask<>(task);
    Platform.runLater(future);
    return future.get();
  }

  private boolean isThere(String query) {
    return robot.lookup(query).tryQuery().isPresent();
  }

  private void press(KeyCode code) {
    robot.press(KeyCode.CONTROL).type(code).release(KeyCode.CONTROL);
  }

  private TableView<?> table(String id) {
    return robot.lookup(id).queryAs(TableView.class);
  }

  private String spoken(String id) {
    String text = robot.lookup(id).query().getAccessibleText();
    return text == null ? "" : text;
  }
}
