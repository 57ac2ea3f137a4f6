package dev.signalbox.ui.shell;

import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.fx.Messages;
import java.util.Optional;
import javafx.beans.property.StringProperty;
import javafx.scene.Node;

/// One screen of the window: a folder of its own and a line in `ui.Screens`. Rail, keys, commands
/// and help follow from that list. Used on the JavaFX thread, but for a test without a toolkit,
/// which never asks for the nodes.
public interface ScreenModule {
  /// The name as stored, in the style sheet (`icon-ID`) and in the message bundle (`rail.ID`).
  String id();

  /// What it is called in the rail.
  default String title() {
    return Messages.text("rail." + id());
  }

  /// Its nodes, a `control.ScreenFrame`: an order may be given on any screen, and its question and
  /// what came of it are shown by the screen that is seen. Asked for once, when it is first seen: a
  /// window opens sooner.
  Node view();

  /// Shows the newest state. Every screen is told, seen or not: an update holds the events that are
  /// new, and each is told once.
  void show(EngineBridge.Update update);

  /// Tells whether it is the one that is seen.
  default void setOpen(boolean seen) {}

  /// What can be searched on it; empty when nothing can.
  default Optional<Search> search() {
    return Optional.empty();
  }

  /// The keys that only it has, for the help: a line each, `keys TAB what they do`.
  default String help() {
    return "";
  }

  /// A search on a screen.
  ///
  /// @param words what is searched for; remembered from one start to the next
  /// @param focus goes to where they are typed
  record Search(StringProperty words, Runnable focus) {}
}
