package dev.signalbox.cluster.result;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes Thrift's TBinaryProtocol: the few types that a chunk needs. Not thread-safe.
final class ThriftWriter {
  static final byte BOOL = 2;
  static final byte I8 = 3;
  static final byte DOUBLE = 4;
  static final byte I32 = 8;
  static final byte I64 = 10;
  static final byte STRING = 11;
  static final byte STRUCT = 12;
  static final byte LIST = 15;

  private byte[] bytes;
  private int length;

  /// @param expected bytes; it grows beyond
  ThriftWriter(int expected) {
    bytes = new byte[Math.max(64, expected)];
  }

  ThriftWriter field(byte type, int id) {
    return i8(type).i16(id);
  }

  /// Ends a struct.
  ThriftWriter stop() {
    return i8(0);
  }

  ThriftWriter list(byte type, int size) {
    return i8(type).i32(size);
  }

  ThriftWriter bool(boolean value) {
    return i8(value ? 1 : 0);
  }

  ThriftWriter i8(int value) {
    room(1);
    bytes[length++] = (byte) value;
    return this;
  }

  private ThriftWriter i16(int value) {
    return i8(value >> 8).i8(value);
  }

  ThriftWriter i32(int value) {
    room(4);
    bytes[length++] = (byte) (value >> 24);
    bytes[length++] = (byte) (value >> 16);
    bytes[length++] = (byte) (value >> 8);
    bytes[length++] = (byte) value;
    return this;
  }

  ThriftWriter i64(long value) {
    return i32((int) (value >> 32)).i32((int) value);
  }

  ThriftWriter real(double value) {
    return i64(Double.doubleToLongBits(value));
  }

  ThriftWriter binary(byte[] value) {
    i32(value.length);
    room(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
    return this;
  }

  ThriftWriter text(String value) {
    return binary(value.getBytes(StandardCharsets.UTF_8));
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
    }
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }
}
