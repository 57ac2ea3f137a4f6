package dev.signalbox.architecture.wrong.ui;

import dev.signalbox.architecture.wrong.demo.WindowedDemo;
import dev.signalbox.architecture.wrong.engine.application.NosyApplication;
import java.util.List;

/// A screen that looks below the top of the engine, and at the demo.
public final class CuriousScreen {
  public String peek() {
    return new NosyApplication(List.of()).toString() + new WindowedDemo().property();
  }
}
