package dev.signalbox.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What nobody else may see: typed without an echo, or the first line of standard input. An
/// argument could be read by everybody on the machine.
final class SecretInput {
  private SecretInput() {}

  /// Empty when nothing was given.
  ///
  /// @param prompt for a person at the terminal
  static char[] read(String prompt) throws IOException {
    Console console = console();
    if (console != null) {
      return typed(console, prompt);
    }
    String line =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    return line == null ? new char[0] : line.toCharArray();
  }

  /// The same, but a person types it twice, so that a slip is not kept for ever.
  ///
  /// @throws IOException with a sentence, when the two differ
  static char[] readTwice(String prompt) throws IOException {
    char[] first = read(prompt);
    Console console = console();
    if (console != null) {
      char[] again = typed(console, "The same again: ");
      boolean same = Arrays.equals(first, again);
      Arrays.fill(again, ' ');
      if (!same) {
        Arrays.fill(first, ' ');
        throw new IOException("The two that were typed differ. Nothing was changed.");
      }
    }
    return first;
  }

  private static char[] typed(Console console, String prompt) {
    char[] typed = console.readPassword("%s", prompt);
    return typed == null ? new char[0] : typed;
  }

  @SuppressWarnings("SystemConsoleNull")
  private static @org.jspecify.annotations.Nullable Console console() {
    Console console = System.console();
    return console != null && console.isTerminal() ? console : null;
  }
}
