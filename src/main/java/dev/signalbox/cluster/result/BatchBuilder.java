package dev.signalbox.cluster.result;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects rows and writes them as one batch: a Thrift struct `Chunk` with a vector for each
/// column. Not thread-safe.
public final class BatchBuilder {
  private static final int CHUNK_SIZE = 1;
  private static final int CHUNK_VECTORS = 2;

  private final List<VectorBuilder> vectors = new ArrayList<>();
  private final @Nullable Object[] row;
  private int rows;
  private long bytes;

  public BatchBuilder(List<ResultColumn> columns) {
    columns.forEach(column -> vectors.add(new VectorBuilder(column)));
    this.row = new Object[columns.size()];
  }

  /// Adds a row of values in PostgreSQL's text form.
  ///
  /// @return false when a decimal of the row cannot share its scale with those that are there: the
  ///   row was not added, this batch is complete, and the row begins the next one
  /// @throws IllegalArgumentException with a sentence, when a type cannot carry a value
  public boolean add(@Nullable String[] texts) {
    for (int i = 0; i < row.length; i++) {
      VectorBuilder vector = vectors.get(i);
      String text = texts[i];
      row[i] = text == null ? null : Values.read(vector.column(), text);
      if (!vector.takes(row[i])) {
        return false;
      }
    }
    for (int i = 0; i < row.length; i++) {
      bytes += vectors.get(i).add(row[i]);
    }
    rows++;
    return true;
  }

  public int rows() {
    return rows;
  }

  /// About how long the batch will be.
  public long bytes() {
    return bytes;
  }

  public byte[] encode() {
    ThriftWriter out = new ThriftWriter((int) Math.min(Integer.MAX_VALUE / 4, bytes + bytes / 4));
    out.field(ThriftWriter.I32, CHUNK_SIZE).i32(rows);
    out.field(ThriftWriter.LIST, CHUNK_VECTORS).list(ThriftWriter.STRUCT, vectors.size());
    vectors.forEach(vector -> vector.write(out));
    return out.stop().toByteArray();
  }
}
