package dev.signalbox.strategy.query;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// Reads Thrift's TBinaryProtocol. What a peer claims is checked against what is there before
/// anything is allocated for it: nothing here takes more than a few times the length of the input.
final class ThriftReader {
  static final byte STOP = 0;
  static final byte BOOL = 2;
  static final byte BYTE = 3;
  static final byte DOUBLE = 4;
  static final byte I16 = 6;
  static final byte I32 = 8;
  static final byte I64 = 10;
  static final byte STRING = 11;
  static final byte STRUCT = 12;
  static final byte MAP = 13;
  static final byte SET = 14;
  static final byte LIST = 15;

  /// A chunk needs five.
  private static final int DEEPEST = 32;

  private final ByteBuffer buffer;

  /// @param bytes big-endian; is read from its position on
  ThriftReader(ByteBuffer bytes) {
    buffer = bytes;
  }

  byte i8() {
    return need(Byte.BYTES).get();
  }

  short i16() {
    return need(Short.BYTES).getShort();
  }

  int i32() {
    return need(Integer.BYTES).getInt();
  }

  long i64() {
    return need(Long.BYTES).getLong();
  }

  double f64() {
    return need(Double.BYTES).getDouble();
  }

  boolean bool() {
    return i8() != 0;
  }

  /// A view, no copy.
  ByteBuffer binary() {
    int length = i32();
    need(length);
    ByteBuffer view = buffer.slice(buffer.position(), length);
    buffer.position(buffer.position() + length);
    return view;
  }

  /// The head of a list of `element`s.
  ///
  /// @return how many follow; they are all there as far as their shortest form goes
  int list(byte element) {
    byte type = i8();
    int count = i32();
    if (type != element && count != 0) {
      throw new MalformedAnswerException(
          "a list has elements of type " + type + " where " + element + " belongs.");
    }
    return bounded(count, shortest(element));
  }

  byte[] bytes(byte element) {
    byte[] all = new byte[list(element)];
    buffer.get(all);
    return all;
  }

  int[] ints() {
    int[] all = new int[list(I32)];
    buffer.asIntBuffer().get(all);
    buffer.position(buffer.position() + all.length * Integer.BYTES);
    return all;
  }

  long[] longs() {
    long[] all = new long[list(I64)];
    buffer.asLongBuffer().get(all);
    buffer.position(buffer.position() + all.length * Long.BYTES);
    return all;
  }

  double[] doubles() {
    double[] all = new double[list(DOUBLE)];
    buffer.asDoubleBuffer().get(all);
    buffer.position(buffer.position() + all.length * Double.BYTES);
    return all;
  }

  Binaries binaries() {
    int[] starts = new int[list(STRING)];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = buffer.position();
      binary();
    }
    return new Binaries(buffer, starts);
  }

  void skip(byte type) {
    skip(type, 0);
  }

  private void skip(byte type, int depth) {
    if (depth > DEEPEST) {
      throw new MalformedAnswerException("its structures are nested too deeply.");
    }
    switch (type) {
      case BOOL, BYTE -> i8();
      case I16 -> i16();
      case I32 -> i32();
      case I64, DOUBLE -> i64();
      case STRING -> binary();
      case STRUCT -> {
        for (byte field = i8(); field != STOP; field = i8()) {
          i16();
          skip(field, depth + 1);
        }
      }
      case MAP -> {
        byte key = i8();
        byte value = i8();
        int count = i32();
        if (count != 0) {
          bounded(count, shortest(key) + shortest(value));
        }
        for (int i = 0; i < count; i++) {
          skip(key, depth + 1);
          skip(value, depth + 1);
        }
      }
      case SET, LIST -> {
        byte element = i8();
        int count = i32();
        if (count != 0) {
          bounded(count, shortest(element));
        }
        for (int i = 0; i < count; i++) {
          skip(element, depth + 1);
        }
      }
      default -> throw unknown(type);
    }
  }

  private int bounded(int count, int shortest) {
    if (count < 0 || count > buffer.remaining() / shortest) {
      throw new MalformedAnswerException(
          "a list claims " + count + " elements in " + buffer.remaining() + " bytes.");
    }
    return count;
  }

  private static int shortest(byte type) {
    return switch (type) {
      case BOOL, BYTE, STRUCT -> 1;
      case I16 -> 2;
      case I32, STRING -> 4;
      case I64, DOUBLE -> 8;
      case SET, LIST -> 5;
      case MAP -> 6;
      default -> throw unknown(type);
    };
  }

  private static MalformedAnswerException unknown(byte type) {
    return new MalformedAnswerException("it has a field of the unknown type " + type + ".");
  }

  private ByteBuffer need(int length) {
    if (length < 0 || length > buffer.remaining()) {
      throw new MalformedAnswerException(
          "it ends early: " + length + " bytes are missing.", new BufferUnderflowException());
    }
    return buffer;
  }

  /// Texts that stay where they are in the input until they are asked for.
  ///
  /// @param starts where the length of each stands
  @SuppressWarnings("ArrayRecordComponent") // Read once, by the vector that it becomes.
  record Binaries(ByteBuffer buffer, int[] starts) {
    int size() {
      return starts.length;
    }

    ByteBuffer get(int index) {
      return buffer.slice(starts[index] + Integer.BYTES, buffer.getInt(starts[index]));
    }
  }
}
