package dev.signalbox.engine.journal;

import dev.signalbox.engine.EngineEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.TreeMap;

/// The hash that chains the entries of the journal: SHA-256, in lower-case hexadecimal digits, over
/// a text that has one form only.
///
/// The text is a sequence of fields, each written as the number of its bytes in UTF-8 as a decimal
/// number, a colon, and the bytes: `signalbox journal 1`, the hash of the previous entry, the
/// sequence, the time in microseconds since 1970, release, epoch, actor, kind, phase, step, text,
/// batch (empty when there is none), the number of voided batches and each of them in ascending
/// order of their text, the number of pairs of the data, and key and value of each in ascending
/// order of the keys (by UTF-16 code units).
final class Chain {
  private static final String FORM = "signalbox journal 1";

  private Chain() {}

  /// The hash that belongs to an entry; its field `hash` is not looked at.
  static String hash(JournalEntry entry) {
    EngineEvent event = entry.event();
    Text text = new Text();
    text.add(FORM)
        .add(entry.previous())
        .add(event.sequence())
        .add(ChronoUnit.MICROS.between(Instant.EPOCH, event.at()))
        .add(event.release())
        .add(event.epoch())
        .add(event.actor())
        .add(event.kind().name())
        .add(event.phase().name())
        .add(event.step())
        .add(event.text())
        .add(entry.batch() == null ? "" : entry.batch().toString())
        .add(entry.voids().size());
    entry.voids().stream().map(Object::toString).sorted().forEach(text::add);
    text.add(entry.data().size());
    new TreeMap<>(entry.data()).forEach((key, value) -> text.add(key).add(value));
    return HexFormat.of().formatHex(sha256(text.bytes.toByteArray()));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }

  private static final class Text {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Text add(String field) {
      byte[] content = field.getBytes(StandardCharsets.UTF_8);
      bytes.writeBytes((content.length + ":").getBytes(StandardCharsets.US_ASCII));
      bytes.writeBytes(content);
      return this;
    }

    Text add(long number) {
      return add(Long.toString(number));
    }
  }
}
