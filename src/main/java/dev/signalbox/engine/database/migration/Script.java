package dev.signalbox.engine.database.migration;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// One script, read and split.
///
/// @param file its name, for sentences
/// @param text without a byte order mark, lines ended by a line feed
public record Script(
    Version version, String description, String file, String text, List<SqlStatement> statements) {
  /// SHA-256 of the text. It depends on nothing but the text: neither on line ends and byte order
  /// mark, nor on the version of this program.
  public String checksum() {
    return checksum(text);
  }

  static String checksum(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Whether it must run outside a transaction; it then has one statement only.
  public boolean alone() {
    return statements.stream().anyMatch(SqlStatement::alone);
  }
}
