package dev.signalbox.cluster;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// Sends bytes where a message belongs.
final class RawMessage implements MethodDescriptor.Marshaller<byte[]> {
  /// A text of 256 MiB that ends at once.
  static final byte[] UNREADABLE = {10, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0x7f};

  private RawMessage() {}

  static MethodDescriptor<byte[], byte[]> method(MethodDescriptor<?, ?> method) {
    return MethodDescriptor.newBuilder(new RawMessage(), new RawMessage())
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(method.getFullMethodName())
        .build();
  }

  @Override
  public InputStream stream(byte[] value) {
    return new ByteArrayInputStream(value);
  }

  @Override
  public byte[] parse(InputStream stream) {
    try {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
