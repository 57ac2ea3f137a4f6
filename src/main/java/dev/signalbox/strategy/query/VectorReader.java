package dev.signalbox.strategy.query;

import dev.signalbox.strategy.query.ThriftReader.Binaries;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Reads one vector of a chunk: its size and type, which rows are null, and its data in the list
/// form or the constant form of its type.
final class VectorReader {
  private final ThriftReader in;
  private int size;
  private @Nullable VectorType type;
  private byte[] nulls = {};
  private boolean constant;
  private int arm;
  private @Nullable Object data;
  private @Nullable Object extra;

  VectorReader(ThriftReader in) {
    this.in = in;
  }

  /// @throws MalformedAnswerException when it does not follow the protocol
  Vector read() {
    for (byte field = in.i8(); field != ThriftReader.STOP; field = in.i8()) {
      short id = in.i16();
      switch (id) {
        case 1 -> size = expect(field, ThriftReader.I32).i32();
        case 2 -> type = VectorType.of(expect(field, ThriftReader.I32).i32());
        case 3 -> nulls = expect(field, ThriftReader.LIST).bytes(ThriftReader.BOOL);
        case 4 -> data(field);
        case 5 -> constant = expect(field, ThriftReader.BOOL).bool();
        default -> in.skip(field);
      }
    }
    return vector();
  }

  private ThriftReader expect(byte field, byte wanted) {
    if (field != wanted) {
      throw new MalformedAnswerException(
          "a vector has a field of type " + field + " where " + wanted + " belongs.");
    }
    return in;
  }

  private void data(byte field) {
    expect(field, ThriftReader.STRUCT);
    for (byte inner = in.i8(); inner != ThriftReader.STOP; inner = in.i8()) {
      arm = in.i16();
      if (inner == ThriftReader.STRUCT && data == null) {
        values();
      } else {
        in.skip(inner);
      }
    }
  }

  private void values() {
    for (byte field = in.i8(); field != ThriftReader.STOP; field = in.i8()) {
      short id = in.i16();
      if (id == 1) {
        data = payload(field);
      } else if (id == 2) {
        extra = second(field);
      } else {
        in.skip(field);
      }
    }
  }

  private @Nullable Object payload(byte field) {
    return switch (arm) {
      case 1 -> expect(field, ThriftReader.LIST).bytes(ThriftReader.BOOL);
      case 2 -> expect(field, ThriftReader.LIST).ints();
      case 3, 4, 16 -> expect(field, ThriftReader.LIST).longs();
      case 5, 6 -> expect(field, ThriftReader.LIST).doubles();
      case 7, 17 -> expect(field, ThriftReader.LIST).binaries();
      case 8 -> expect(field, ThriftReader.BOOL).bool();
      case 9, 11, 14 -> expect(field, ThriftReader.I64).i64();
      case 12 -> expect(field, ThriftReader.DOUBLE).f64();
      case 15, 18 -> expect(field, ThriftReader.STRING).binary();
      default -> {
        in.skip(field);
        yield null;
      }
    };
  }

  private @Nullable Object second(byte field) {
    return switch (arm) {
      case 14 -> expect(field, ThriftReader.STRING).binary();
      case 16 -> expect(field, ThriftReader.LIST).binaries();
      case 17, 18 -> expect(field, ThriftReader.I32).i32();
      default -> {
        in.skip(field);
        yield null;
      }
    };
  }

  private Vector vector() {
    if (type == null) {
      throw new MalformedAnswerException("a vector has no type.");
    }
    if (size < 0) {
      throw new MalformedAnswerException("a vector has the size " + size + ".");
    }
    int stored = constant ? Math.min(1, size) : size;
    if (nulls.length != 0 && nulls.length < stored) {
      throw new MalformedAnswerException(
          "a vector of " + stored + " values says of " + nulls.length + " whether they are null.");
    }
    if (allNull(stored)) {
      return new Vector(size, constant, nulls, VectorReader::none);
    }
    IntFunction<Object> values = new VectorValues(type, constant, arm, data, extra).checked(stored);
    return new Vector(size, constant, nulls, values);
  }

  private static Object none(int row) {
    throw new IllegalStateException("Row " + row + " is null.");
  }

  private boolean allNull(int stored) {
    if (nulls.length == 0) {
      return stored == 0;
    }
    for (int i = 0; i < stored; i++) {
      if (nulls[i] == 0) {
        return false;
      }
    }
    return true;
  }

  /// How many values a list holds.
  static int length(@Nullable Object data) {
    return switch (data) {
      case byte[] list -> list.length;
      case int[] list -> list.length;
      case long[] list -> list.length;
      case double[] list -> list.length;
      case Binaries list -> list.size();
      case null, default -> 0;
    };
  }
}
