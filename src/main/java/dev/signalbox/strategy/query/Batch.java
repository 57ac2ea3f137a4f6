package dev.signalbox.strategy.query;

import com.google.protobuf.ByteString;
import java.nio.ByteOrder;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Some rows of a result. Immutable; values are made when they are asked for.
///
/// | type of the column | class of the value |
/// |---|---|
/// | BOOLEAN, INTEGER, LONG, FLOAT, DOUBLE | Boolean, Integer, Long, Float, Double |
/// | STRING, BINARY, ARRAY, MAP, STRUCT | String, as the cluster spells it |
/// | DATE, DATETIME, TIMESTAMP_TZ | LocalDate, Instant, ZonedDateTime |
/// | DECIMAL128 | BigDecimal |
/// | NULL | null |
public final class Batch {
  private final int rows;
  private final List<Vector> vectors;

  private Batch(int rows, List<Vector> vectors) {
    this.rows = rows;
    this.vectors = vectors;
  }

  /// @param columns how many the metadata named
  /// @throws MalformedAnswerException when it does not follow the protocol
  static Batch read(ByteString bytes, int columns) {
    ThriftReader in = new ThriftReader(bytes.asReadOnlyByteBuffer().order(ByteOrder.BIG_ENDIAN));
    int rows = 0;
    List<Vector> vectors = new ArrayList<>();
    for (byte field = in.i8(); field != ThriftReader.STOP; field = in.i8()) {
      short id = in.i16();
      if (id == 1 && field == ThriftReader.I32) {
        rows = in.i32();
      } else if (id == 2 && field == ThriftReader.LIST) {
        vectors = vectors(in, columns);
      } else {
        in.skip(field);
      }
    }
    Batch batch = new Batch(rows, List.copyOf(vectors));
    batch.check(columns);
    return batch;
  }

  private static List<Vector> vectors(ThriftReader in, int columns) {
    int count = in.list(ThriftReader.STRUCT);
    if (count > columns) {
      throw new MalformedAnswerException(
          "it has " + columns + " columns, a chunk of it " + count + ".");
    }
    List<Vector> vectors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      vectors.add(new VectorReader(in).read());
    }
    return vectors;
  }

  private void check(int columns) {
    if (rows < 0) {
      throw new MalformedAnswerException("a chunk has the size " + rows + ".");
    }
    if (rows > 0 && vectors.size() != columns) {
      throw new MalformedAnswerException(
          "it has " + columns + " columns, a chunk of it " + vectors.size() + ".");
    }
    for (Vector vector : vectors) {
      if (vector.size() != rows) {
        throw new MalformedAnswerException(
            "a chunk of " + rows + " rows has a column of " + vector.size() + ".");
      }
    }
  }

  public int rowCount() {
    return rows;
  }

  /// @param row from 0
  /// @param column from 0
  /// @throws MalformedAnswerException when the value does not follow the protocol
  public @Nullable Object value(int row, int column) {
    Objects.checkIndex(row, rows);
    return vectors.get(column).value(row);
  }

  /// A view.
  public List<@Nullable Object> row(int row) {
    Objects.checkIndex(row, rows);
    return new AbstractList<@Nullable Object>() {
      @Override
      public @Nullable Object get(int column) {
        return value(row, column);
      }

      @Override
      public int size() {
        return vectors.size();
      }
    };
  }
}
