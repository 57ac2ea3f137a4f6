package dev.signalbox.cluster.result;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The values of one column in a batch. Two rows or more of the same value are written once, as a
/// constant vector. Not thread-safe.
final class VectorBuilder {
  private static final BigDecimal NOTHING = BigDecimal.ZERO;

  private final ResultColumn column;
  private final List<@Nullable Object> values = new ArrayList<>();
  private boolean constant = true;

  /// Of DECIMAL128: the largest so far, and how many digits the values have before the point; less
  /// than 0 when they begin with zeros behind it.
  private int scale;

  private int digits = -Values.MOST_FRACTION;

  VectorBuilder(ResultColumn column) {
    this.column = column;
    this.scale = Math.max(0, column.scale());
  }

  ResultColumn column() {
    return column;
  }

  /// Whether a value of [Values#read] can be in the same vector as those that are there.
  boolean takes(@Nullable Object value) {
    if (!(value instanceof BigDecimal number) || values.isEmpty()) {
      return true;
    }
    return Math.max(scale, number.scale()) + Math.max(digits, before(number)) <= Values.MOST_DIGITS;
  }

  private static int before(BigDecimal number) {
    return number.precision() - number.scale();
  }

  /// @return about how many bytes it takes
  int add(@Nullable Object value) {
    if (value instanceof BigDecimal number) {
      scale = Math.max(scale, number.scale());
      digits = Math.max(digits, before(number));
    }
    constant = constant && (values.isEmpty() || Objects.deepEquals(values.getFirst(), value));
    values.add(value);
    return switch (column.type()) {
      case BOOLEAN -> 2;
      case INTEGER -> 5;
      case LONG, DATE, DATETIME, FLOAT, DOUBLE -> 9;
      case NULL -> 1;
      case TIMESTAMP_TZ -> 9 + 4 + Values.ZONE.length();
      case DECIMAL128 -> 21;
      case STRING, BINARY, ARRAY, MAP, STRUCT -> 5 + (value instanceof byte[] b ? b.length : 0);
    };
  }

  void write(ThriftWriter out) {
    boolean once = constant && values.size() > 1;
    List<@Nullable Object> written = once ? values.subList(0, 1) : values;
    out.field(ThriftWriter.I32, 1).i32(values.size());
    out.field(ThriftWriter.I32, 2).i32(column.type().code());
    out.field(ThriftWriter.LIST, 3).list(ThriftWriter.BOOL, written.size());
    for (Object value : written) {
      out.bool(value == null || column.type() == ResultType.NULL);
    }
    out.field(ThriftWriter.STRUCT, 4);
    if (once) {
      constant(out, written.getFirst());
    } else {
      list(out);
    }
    out.stop();
    out.field(ThriftWriter.BOOL, 5).bool(once);
    out.field(ThriftWriter.STRING, 6)
        .text(column.type() == ResultType.TIMESTAMP_TZ ? Values.ZONE : "");
    out.field(ThriftWriter.STRING, 7).text("");
    out.stop();
  }

  /// One arm of the union `Data` that holds a list.
  private void list(ThriftWriter out) {
    switch (column.type()) {
      case BOOLEAN -> {
        elements(out, 1, ThriftWriter.BOOL);
        values.forEach(value -> out.bool(bool(value)));
      }
      case INTEGER -> {
        elements(out, 2, ThriftWriter.I32);
        values.forEach(value -> out.i32((int) whole(value)));
      }
      case LONG, DATE, DATETIME, TIMESTAMP_TZ -> {
        int arm =
            switch (column.type()) {
              case LONG -> 3;
              case DATE -> 4;
              default -> 16;
            };
        elements(out, arm, ThriftWriter.I64);
        values.forEach(value -> out.i64(whole(value)));
        if (column.type() == ResultType.TIMESTAMP_TZ) {
          out.field(ThriftWriter.LIST, 2).list(ThriftWriter.STRING, values.size());
          values.forEach(value -> out.text(Values.ZONE));
        }
      }
      case FLOAT, DOUBLE -> {
        elements(out, column.type() == ResultType.FLOAT ? 5 : 6, ThriftWriter.DOUBLE);
        values.forEach(value -> out.real(real(value)));
      }
      case STRING, BINARY, ARRAY, MAP, STRUCT -> {
        elements(out, 7, ThriftWriter.STRING);
        values.forEach(value -> out.binary(bytes(value)));
      }
      case DECIMAL128 -> {
        elements(out, 17, ThriftWriter.STRING);
        values.forEach(value -> out.binary(decimal(value)));
        out.field(ThriftWriter.I32, 2).i32(scale);
      }
      case NULL -> out.field(ThriftWriter.STRUCT, 10).field(ThriftWriter.I8, 1).i8(0);
    }
    out.stop();
  }

  private void elements(ThriftWriter out, int arm, byte type) {
    out.field(ThriftWriter.STRUCT, arm).field(ThriftWriter.LIST, 1).list(type, values.size());
  }

  /// One arm of the union `Data` that holds a single value.
  private void constant(ThriftWriter out, @Nullable Object value) {
    switch (column.type()) {
      case BOOLEAN -> single(out, 8, ThriftWriter.BOOL).bool(bool(value));
      case INTEGER, LONG -> single(out, 11, ThriftWriter.I64).i64(whole(value));
      case DATE -> single(out, 9, ThriftWriter.I64).i64(whole(value));
      case DATETIME -> single(out, 14, ThriftWriter.I64).i64(whole(value));
      case TIMESTAMP_TZ ->
          single(out, 14, ThriftWriter.I64)
              .i64(whole(value))
              .field(ThriftWriter.STRING, 2)
              .text(Values.ZONE);
      case FLOAT, DOUBLE -> single(out, 12, ThriftWriter.DOUBLE).real(real(value));
      case STRING, BINARY, ARRAY, MAP, STRUCT ->
          single(out, 15, ThriftWriter.STRING).binary(bytes(value));
      case DECIMAL128 ->
          single(out, 18, ThriftWriter.STRING)
              .binary(decimal(value))
              .field(ThriftWriter.I32, 2)
              .i32(scale);
      case NULL -> single(out, 10, ThriftWriter.I8).i8(0);
    }
    out.stop();
  }

  private static ThriftWriter single(ThriftWriter out, int arm, byte type) {
    return out.field(ThriftWriter.STRUCT, arm).field(type, 1);
  }

  // A null has a value too, which nobody reads.

  private static boolean bool(@Nullable Object value) {
    return value != null && (Boolean) value;
  }

  private static long whole(@Nullable Object value) {
    return value == null ? 0 : ((Number) value).longValue();
  }

  private static double real(@Nullable Object value) {
    return value == null ? 0 : (Double) value;
  }

  private static byte[] bytes(@Nullable Object value) {
    return value == null ? new byte[0] : (byte[]) value;
  }

  private byte[] decimal(@Nullable Object value) {
    BigDecimal number = value == null ? NOTHING : (BigDecimal) value;
    return Values.int128(number.setScale(scale).unscaledValue());
  }
}
