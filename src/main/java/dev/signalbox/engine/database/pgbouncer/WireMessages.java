package dev.signalbox.engine.database.pgbouncer;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Messages of PostgreSQL's protocol, version 3, on a connection. What comes is not trusted: its
/// length is bounded, and no count in it is believed further than its bytes go.
final class WireMessages {
  private static final int MOST = 4 << 20;
  private static final int VERSION = 3 << 16;

  private final String name;
  private final DataInputStream in;
  private final OutputStream out;

  /// @param name of the other end, in sentences
  WireMessages(String name, Socket socket) throws IOException {
    this.name = name;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.out = socket.getOutputStream();
  }

  /// The first message of a connection.
  void startup(String user, String database) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeInt(VERSION);
    for (String text :
        List.of("user", user, "database", database, "application_name", "signalbox")) {
      text(data, text);
    }
    data.writeByte(0);
    send(0, bytes.toByteArray());
  }

  void query(String sql) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    text(new DataOutputStream(bytes), sql);
    send('Q', bytes.toByteArray());
  }

  /// @param type 0 for none, as in the first message
  void send(int type, byte[] payload) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(5 + payload.length);
    if (type != 0) {
      message.put((byte) type);
    }
    message.putInt(4 + payload.length).put(payload);
    out.write(message.array(), 0, message.position());
    out.flush();
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    if (text.indexOf('\0') >= 0) {
      throw new IOException("A name or a password must not contain the character 0.");
    }
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.writeByte(0);
  }

  Message read() throws IOException {
    try {
      int type = in.readUnsignedByte();
      int length = in.readInt() - 4;
      if (length < 0 || length > MOST) {
        throw new IOException(name + " does not speak PostgreSQL's protocol. Check host and port.");
      }
      byte[] payload = new byte[length];
      in.readFully(payload);
      return new Message((char) type, ByteBuffer.wrap(payload));
    } catch (EOFException e) {
      throw new IOException(name + " closed the connection.", e);
    }
  }

  /// @param type its first byte
  record Message(char type, ByteBuffer payload) {
    /// Of a row description.
    List<String> columns() throws IOException {
      List<String> names = new ArrayList<>();
      int count = count();
      for (int i = 0; i < count; i++) {
        names.add(text());
        bytes(18);
      }
      return names;
    }

    /// Of a row; an absent value is empty.
    List<String> values() throws IOException {
      List<String> values = new ArrayList<>();
      int count = count();
      for (int i = 0; i < count; i++) {
        int length = number();
        values.add(length < 0 ? "" : new String(bytes(length), StandardCharsets.UTF_8));
      }
      return values;
    }

    /// The message of an error, on one line and without a full stop.
    String error() throws IOException {
      while (payload.hasRemaining()) {
        int field = payload.get();
        if (field == 0) {
          break;
        }
        String text = text();
        if (field == 'M') {
          return text.replaceAll("\\p{Cntrl}+", " ").strip().replaceAll("\\.$", "");
        }
      }
      return "no reason was given";
    }

    int number() throws IOException {
      return ByteBuffer.wrap(bytes(4)).getInt();
    }

    private int count() throws IOException {
      return ByteBuffer.wrap(bytes(2)).getShort();
    }

    byte[] rest() throws IOException {
      return bytes(payload.remaining());
    }

    byte[] bytes(int length) throws IOException {
      if (length < 0 || length > payload.remaining()) {
        throw new IOException("A message of PgBouncer is cut off. Check host and port.");
      }
      byte[] bytes = new byte[length];
      payload.get(bytes);
      return bytes;
    }

    /// Up to the next 0.
    String text() throws IOException {
      int start = payload.position();
      int end = start;
      while (end < payload.limit() && payload.get(end) != 0) {
        end++;
      }
      String text = new String(bytes(end - start), StandardCharsets.UTF_8);
      bytes(1);
      return text;
    }
  }
}
