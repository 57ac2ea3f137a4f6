package dev.signalbox.demo.app;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/// What the console wrote about the database to use. The password itself is in a file of its own.
///
/// @param generation rises with each change
/// @param epoch fencing epoch of the console that wrote it
record DatabaseFileReader(
    long generation, long epoch, String colour, String url, String user, Path passwordFile) {
  /// @throws IOException with a sentence, when the file is not there, not readable or not complete
  static DatabaseFileReader read(Path file) throws IOException {
    Properties values = new Properties();
    try {
      values.load(new StringReader(Files.readString(file)));
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException("The database file " + file + " cannot be read: " + e.getMessage(), e);
    }
    return new DatabaseFileReader(
        number(file, values, "generation"),
        number(file, values, "epoch"),
        text(file, values, "colour"),
        text(file, values, "url"),
        text(file, values, "user"),
        file.resolveSibling(text(file, values, "passwordFile")));
  }

  /// Whether this one replaces the other: a deposed console's is never newer.
  boolean isNewerThan(DatabaseFileReader other) {
    return epoch > other.epoch || (epoch == other.epoch && generation > other.generation);
  }

  /// Whether both lead to the same database as the same user.
  boolean sameDatabase(DatabaseFileReader other) {
    return url.equals(other.url)
        && user.equals(other.user)
        && passwordFile.equals(other.passwordFile);
  }

  String password() throws IOException {
    try (var lines = Files.lines(passwordFile)) {
      return lines
          .findFirst()
          .orElseThrow(() -> new IOException("The password file " + passwordFile + " is empty."));
    }
  }

  private static long number(Path file, Properties values, String key) throws IOException {
    String text = text(file, values, key);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException(
          "In the database file " + file + " " + key + " is not a number: " + text, e);
    }
  }

  private static String text(Path file, Properties values, String key) throws IOException {
    String value = values.getProperty(key);
    if (value == null || value.isBlank()) {
      throw new IOException("The database file " + file + " does not say " + key + ".");
    }
    return value.strip();
  }
}
