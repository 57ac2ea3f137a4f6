package dev.signalbox;

import dev.signalbox.app.Signalbox;

/// Decides between window, command line and demo; nothing else.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(Signalbox.run(args));
  }
}
