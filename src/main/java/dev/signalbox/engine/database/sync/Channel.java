package dev.signalbox.engine.database.sync;

import dev.signalbox.engine.Colour;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;

/// One direction between the two servers, and the name that its publication (on `from`), its slot
/// (on `from`) and its subscription (on `to`) share.
///
/// @param name at most 63 bytes of lower case, digits and underscore, as slots demand; made from
///   the environment's name, with a checksum of it so that two long names do not meet
public record Channel(Colour from, Colour to, String name) {
  private static final int READABLE = 24;

  public static Channel of(String environment, Colour from) {
    String readable = environment.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
    CRC32 checksum = new CRC32();
    checksum.update(environment.getBytes(StandardCharsets.UTF_8));
    return new Channel(
        from,
        from.other(),
        "signalbox_"
            + readable.substring(0, Math.min(READABLE, readable.length()))
            + String.format(Locale.ROOT, "_%08x_", checksum.getValue())
            + from.id()
            + "_"
            + from.other().id());
  }

  @Override
  public String toString() {
    return from + " → " + to;
  }
}
