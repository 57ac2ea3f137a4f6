package dev.signalbox.strategy.query;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a result consists of: big-endian `int64` rows, `int32` columns, then name, type, zone and
/// format of each, with a `uint16` length before their UTF-8.
///
/// @param rows as far as the cluster knows them
record ResultMetadata(long rows, List<Column> columns) {
  /// The shortest column has four empty texts.
  private static final int SHORTEST_COLUMN = 4 * Short.BYTES;

  ResultMetadata {
    columns = List.copyOf(columns);
  }

  /// @throws MalformedAnswerException when it does not follow the protocol
  static ResultMetadata read(ByteString bytes) {
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    if (buffer.remaining() < Long.BYTES + Integer.BYTES) {
      throw new MalformedAnswerException("its metadata has only " + bytes.size() + " bytes.");
    }
    long rows = buffer.getLong();
    int count = buffer.getInt();
    if (count < 0 || count > buffer.remaining() / SHORTEST_COLUMN) {
      throw new MalformedAnswerException(
          "its metadata names " + count + " columns in " + bytes.size() + " bytes.");
    }
    List<Column> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      columns.add(new Column(text(buffer), text(buffer), text(buffer), text(buffer)));
    }
    return new ResultMetadata(rows, columns);
  }

  private static String text(ByteBuffer buffer) {
    int length = buffer.remaining() < Short.BYTES ? -1 : Short.toUnsignedInt(buffer.getShort());
    if (length < 0 || length > buffer.remaining()) {
      throw new MalformedAnswerException("its metadata ends within a column.");
    }
    ByteBuffer text = buffer.slice(buffer.position(), length);
    buffer.position(buffer.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedAnswerException("its metadata has a text that is not UTF-8.", e);
    }
  }
}
