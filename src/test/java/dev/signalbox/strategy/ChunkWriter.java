package dev.signalbox.strategy;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes results as a gateway does: metadata, and chunks in Thrift's TBinaryProtocol.
public final class ChunkWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  /// One step of writing.
  @FunctionalInterface
  public interface Part {
    void to(DataOutputStream out) throws IOException;
  }

  /// Names and types by turns.
  public static ByteString metadata(long rows, List<String> namesAndTypes) {
    ChunkWriter writer = new ChunkWriter();
    return writer
        .write(out -> {
          out.writeLong(rows);
          out.writeInt(namesAndTypes.size() / 2);
          for (int i = 0; i < namesAndTypes.size(); i += 2) {
            out.writeUTF(namesAndTypes.get(i));
            out.writeUTF(namesAndTypes.get(i + 1));
            out.writeUTF("");
            out.writeUTF("");
          }
        })
        .bytes();
  }

  /// @param vectors made by [#vector]
  public static ByteString chunk(int rows, List<Part> vectors) {
    return new ChunkWriter()
        .write(out -> {
          field(out, 8, 1);
          out.writeInt(rows);
          field(out, 15, 2);
          out.writeByte(12);
          out.writeInt(vectors.size());
          for (Part vector : vectors) {
            vector.to(out);
          }
          out.writeByte(0);
        })
        .bytes();
  }

  /// @param nulls one per value; `data` writes the fields of the arm's struct
  public static Part vector(
      int size, int type, boolean[] nulls, int arm, boolean constant, Part data) {
    return out -> {
      field(out, 8, 1);
      out.writeInt(size);
      field(out, 8, 2);
      out.writeInt(type);
      field(out, 15, 3);
      out.writeByte(2);
      out.writeInt(nulls.length);
      for (boolean isNull : nulls) {
        out.writeBoolean(isNull);
      }
      field(out, 12, 4);
      field(out, 12, arm);
      data.to(out);
      out.writeByte(0);
      out.writeByte(0);
      field(out, 2, 5);
      out.writeBoolean(constant);
      // Two fields that no client reads.
      field(out, 11, 6);
      text(out, "UTC");
      field(out, 11, 7);
      text(out, "");
      out.writeByte(0);
    };
  }

  public static Part longs(long... values) {
    return out -> {
      field(out, 15, 1);
      out.writeByte(10);
      out.writeInt(values.length);
      for (long value : values) {
        out.writeLong(value);
      }
    };
  }

  public static Part texts(String... values) {
    return out -> {
      field(out, 15, 1);
      out.writeByte(11);
      out.writeInt(values.length);
      for (String value : values) {
        text(out, value);
      }
    };
  }

  public static void field(DataOutputStream out, int type, int id) throws IOException {
    out.writeByte(type);
    out.writeShort(id);
  }

  public static void text(DataOutputStream out, String value) throws IOException {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private ChunkWriter write(Part part) {
    try {
      part.to(out);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ByteString bytes() {
    return ByteString.copyFrom(bytes.toByteArray());
  }
}
