package dev.signalbox.ui.control;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javafx.geometry.HPos;
import javafx.geometry.Orientation;
import javafx.geometry.VPos;
import javafx.scene.layout.Region;

/// Parts one below the other, of which what matters always fits. A part never gets less than its
/// least height; when there is no room for that, it is left out. What remains is given to the parts
/// by their rank, up to the height that each wants.
public final class RankedColumn extends Region {
  /// @param rank 0 is never left out; 1 is served next, then 2…
  private record Part(Region node, int rank, boolean below) {}

  private static final double LEFT_OUT = -1;

  private final List<Part> parts = new ArrayList<>();
  private final double gap;

  /// @param gap between two parts, in pixels
  public RankedColumn(double gap) {
    this.gap = gap;
    getStyleClass().add("side");
    setMinHeight(0);
  }

  /// Adds a part below the others, at the top of the column.
  ///
  /// @param rank 0 is never left out; 1 is served next, then 2…
  public void add(Region node, int rank) {
    add(node, rank, false);
  }

  /// Adds a part below the others, at the bottom of the column.
  ///
  /// @param rank as for [#add]
  public void addBelow(Region node, int rank) {
    add(node, rank, true);
  }

  private void add(Region node, int rank, boolean below) {
    parts.add(new Part(node, rank, below));
    getChildren().add(node);
  }

  @Override
  protected void layoutChildren() {
    double width = getWidth() - snappedLeftInset() - snappedRightInset();
    double room = getHeight() - snappedTopInset() - snappedBottomInset();
    double[] heights = new double[parts.size()];
    double spare = share(heights, width, room);
    double y = snappedTopInset();
    for (int i = 0; i < heights.length; i++) {
      Part part = parts.get(i);
      if (!part.node().isManaged()) {
        continue;
      }
      part.node().setVisible(heights[i] >= 0);
      if (heights[i] < 0) {
        continue;
      }
      if (part.below()) {
        y += spare;
        spare = 0;
      }
      layoutInArea(part.node(), snappedLeftInset(), y, width, heights[i], 0, HPos.LEFT, VPos.TOP);
      y += heights[i] + gap;
    }
  }

  /// @param heights is filled: the height of each part, negative when it is left out
  /// @return what nobody wanted
  private double share(double[] heights, double width, double room) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < heights.length; i++) {
      heights[i] = LEFT_OUT;
      if (parts.get(i).node().isManaged()) {
        order.add(i);
      }
    }
    order.sort(Comparator.comparingInt(i -> parts.get(i).rank()));
    double left = room + gap;
    for (int i : order) {
      double wanted = wanted(i, width);
      double least = least(i, width);
      boolean always = parts.get(i).rank() == 0;
      // A part that cannot scroll waits for its turn: it must not take what others want.
      if (always || (least < wanted && least + gap <= left)) {
        heights[i] = always ? wanted : least;
        left -= heights[i] + gap;
      }
    }
    for (int i : order) {
      double wanted = wanted(i, width);
      if (heights[i] >= 0) {
        double more = Math.clamp(wanted - heights[i], 0, Math.max(0, left));
        heights[i] += more;
        left -= more;
      } else if (wanted + gap <= left) {
        heights[i] = wanted;
        left -= wanted + gap;
      }
    }
    return Math.max(0, left);
  }

  private double wanted(int part, double width) {
    Region node = parts.get(part).node();
    return snapSizeY(Math.max(node.prefHeight(width), node.minHeight(width)));
  }

  private double least(int part, double width) {
    return snapSizeY(parts.get(part).node().minHeight(width));
  }

  @Override
  protected double computePrefHeight(double width) {
    double inner = width > 0 ? width - snappedLeftInset() - snappedRightInset() : -1;
    double height = -gap;
    for (Part part : parts) {
      if (part.node().isManaged()) {
        height += part.node().prefHeight(inner) + gap;
      }
    }
    return Math.max(0, height) + snappedTopInset() + snappedBottomInset();
  }

  @Override
  public Orientation getContentBias() {
    return Orientation.HORIZONTAL;
  }
}
