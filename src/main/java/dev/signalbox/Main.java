package dev.signalbox;

/// Decides between window, command line and demo; nothing else.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("signalbox");
  }
}
