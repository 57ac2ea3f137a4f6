package dev.signalbox.ui.control;

import javafx.geometry.Orientation;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Region;

/// Wants the height of what it shows, and scrolls when it gets less.
public class FittingScroll extends ScrollPane {
  private final Region shown;
  private final double least;

  /// @param least height, in pixels, below which it is of no use
  @SuppressWarnings("this-escape")
  public FittingScroll(Region shown, double least) {
    this.shown = shown;
    this.least = least;
    Nodes.frameless(this, shown);
    shown.heightProperty().addListener((_, _, _) -> requestParentLayout());
  }

  /// To be called when what is shown wants another height.
  protected final void fit() {
    requestLayout();
    requestParentLayout();
  }

  @Override
  protected double computePrefHeight(double width) {
    double around = snappedTopInset() + snappedBottomInset();
    double inner = width > 0 ? width - snappedLeftInset() - snappedRightInset() : -1;
    return Math.ceil(Math.max(shown.prefHeight(inner), shown.minHeight(inner))) + around;
  }

  @Override
  protected double computeMinHeight(double width) {
    return Math.min(least, computePrefHeight(width));
  }

  @Override
  public final Orientation getContentBias() {
    return Orientation.HORIZONTAL;
  }
}
