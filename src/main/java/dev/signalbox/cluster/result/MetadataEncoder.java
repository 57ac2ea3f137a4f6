package dev.signalbox.cluster.result;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The bytes of `resultMetaData`: the row count, then name, type, zone and format of each column.
public final class MetadataEncoder {
  /// The row count of a result whose end is not known yet.
  public static final long UNKNOWN = -1;

  private MetadataEncoder() {}

  public static byte[] encode(long rows, List<ResultColumn> columns) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 + columns.size() * 32);
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeLong(rows);
      out.writeInt(columns.size());
      for (ResultColumn column : columns) {
        text(out, column.name());
        text(out, column.type().name());
        text(out, column.type() == ResultType.TIMESTAMP_TZ ? Values.ZONE : "");
        text(out, "");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// Not `writeUTF`, whose encoding of characters beyond the basic plane is not UTF-8. A name of
  /// PostgreSQL has at most 63 bytes.
  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeShort(utf8.length);
    out.write(utf8);
  }
}
