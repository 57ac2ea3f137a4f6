package dev.signalbox.ui.control;

import dev.signalbox.ui.order.AskViewModel;
import dev.signalbox.ui.order.Orders;
import javafx.scene.Node;
import javafx.scene.layout.BorderPane;

/// A screen: what it shows, and at its right a column that begins with what wants to be read.
public abstract class ScreenFrame extends BorderPane {
  private static final double GAP = 12;

  protected final AttentionPanel attention;

  /// A screen adds its own parts with rank 2 or more; only a lever has rank 0.
  protected final RankedColumn side = new RankedColumn(GAP);

  /// @param id in the style sheet, too
  @SuppressWarnings("this-escape")
  protected ScreenFrame(String id, AskViewModel ask, Orders orders) {
    attention = new AttentionPanel(ask, orders);
    setId(id);
    getStyleClass().add(id);
    side.add(attention, 1);
  }

  /// To be called once: the Tab key reaches what is shown before the column.
  protected final void frame(Node shown) {
    setCenter(shown);
    setRight(side);
  }
}
