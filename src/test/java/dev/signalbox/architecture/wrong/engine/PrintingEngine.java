package dev.signalbox.architecture.wrong.engine;

import dev.signalbox.architecture.wrong.ui.CuriousScreen;
import java.util.logging.Logger;

/// Prints, logs with another front, uses reflection, ends the process, sleeps, knows a screen.
public final class PrintingEngine {
  public void run() throws Exception {
    System.out.println(new CuriousScreen().peek());
    Logger.getAnonymousLogger().info(String.class.getMethod("length").getName());
    Class.forName("java.lang.String");
    Thread.sleep(1);
    System.exit(1);
  }
}
