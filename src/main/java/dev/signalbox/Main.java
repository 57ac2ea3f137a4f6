package dev.signalbox;

import dev.signalbox.app.Signalbox;
import dev.signalbox.engine.timing.Carriers;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Decides between window, command line and demo; nothing else.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Carriers.provide();
    // Libraries log through java.util.logging, which would print to standard error by itself.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    System.exit(Signalbox.run(args));
  }
}
