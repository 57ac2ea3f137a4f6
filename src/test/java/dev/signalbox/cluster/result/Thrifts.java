package dev.signalbox.cluster.result;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TList;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.transport.TMemoryInputTransport;

/// Reads Thrift's binary protocol with Thrift's own reader: a second view of what the cluster
/// writes. A struct becomes a map by field number, a binary becomes bytes.
public final class Thrifts {
  private Thrifts() {}

  /// @throws AssertionError when bytes are left over
  public static Map<Short, Object> struct(byte[] bytes) {
    try {
      TMemoryInputTransport transport = new TMemoryInputTransport(bytes);
      Map<Short, Object> struct = struct(new TBinaryProtocol(transport));
      if (transport.getBytesRemainingInBuffer() != 0) {
        throw new AssertionError(transport.getBytesRemainingInBuffer() + " bytes are left over");
      }
      return struct;
    } catch (TException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<Short, Object> struct(TProtocol in) throws TException {
    Map<Short, Object> fields = new LinkedHashMap<>();
    in.readStructBegin();
    while (true) {
      TField field = in.readFieldBegin();
      if (field.type == TType.STOP) {
        in.readStructEnd();
        return fields;
      }
      fields.put(field.id, value(in, field.type));
      in.readFieldEnd();
    }
  }

  private static Object value(TProtocol in, byte type) throws TException {
    return switch (type) {
      case TType.BOOL -> in.readBool();
      case TType.BYTE -> in.readByte();
      case TType.DOUBLE -> in.readDouble();
      case TType.I32 -> in.readI32();
      case TType.I64 -> in.readI64();
      case TType.STRING -> {
        java.nio.ByteBuffer bytes = in.readBinary();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        yield copy;
      }
      case TType.STRUCT -> struct(in);
      case TType.LIST -> {
        TList list = in.readListBegin();
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < list.size; i++) {
          values.add(value(in, list.elemType));
        }
        in.readListEnd();
        yield values;
      }
      default -> throw new AssertionError("type " + type + " is not one of a chunk");
    };
  }
}
