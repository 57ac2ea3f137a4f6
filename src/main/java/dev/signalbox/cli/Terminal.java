package dev.signalbox.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/// Where a command writes.
///
/// @param out what the command was asked for
/// @param err everything else
/// @param colour whether escape sequences may be written
public record Terminal(PrintWriter out, PrintWriter err, boolean colour) {
  /// The process's own. Colour only for a person at a terminal, and not with `NO_COLOR`.
  @SuppressWarnings("SystemConsoleNull")
  public static Terminal ofProcess() {
    // From JDK 25 on there is a console only at a terminal again; in between there always was one.
    Console console = System.console();
    boolean person = console != null && console.isTerminal();
    String no = System.getenv("NO_COLOR");
    return new Terminal(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        person && (no == null || no.isEmpty()) && !"dumb".equals(System.getenv("TERM")));
  }
}
