package dev.signalbox.driver;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.PlaneView;
import dev.signalbox.engine.ReleaseView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Reads and writes lines. One thread may read while another one writes.
final class Wire implements AutoCloseable {
  /// A state with a thousand tables is a quarter of it.
  private static final int LONGEST = 4 << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addMixIn(Line.class, Named.class)
          .addMixIn(Command.class, Named.class)
          .addMixIn(EventPayload.class, Named.class)
          .addMixIn(Outcome.class, Named.class)
          .addMixIn(Lever.class, Named.class)
          .addMixIn(PlaneView.class, Named.class)
          .addMixIn(ReleaseView.Status.class, Named.class)
          .build();

  /// A record of a sealed family says which one it is.
  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
  private interface Named {}

  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocate(64 << 10).flip();
  private final byte[] newline = {'\n'};

  Wire(SocketChannel channel) {
    this.channel = channel;
  }

  /// The version of this program; what is built by hand has none.
  static String version() {
    return Objects.requireNonNullElse(
        Wire.class.getPackage().getImplementationVersion(), "(not packaged)");
  }

  static String text(Line line) {
    return JSON.writeValueAsString(line);
  }

  /// @throws IOException when it is no line of ours
  static Line parse(String text) throws IOException {
    try {
      return JSON.readValue(text, Line.class);
    } catch (JacksonException e) {
      throw new IOException("not a line of this protocol: " + e.getOriginalMessage(), e);
    }
  }

  /// What is drawn only by a window is left out.
  static Line state(EngineSnapshot s) {
    return new Line.State(s.with(parts -> parts.history = EngineSnapshot.History.NONE));
  }

  void write(Line line) throws IOException {
    byte[] text = text(line).getBytes(StandardCharsets.UTF_8);
    ByteBuffer[] both = {ByteBuffer.wrap(text), ByteBuffer.wrap(newline)};
    while (both[1].hasRemaining()) {
      channel.write(both);
    }
  }

  /// @return null at the end
  /// @throws IOException when the connection breaks, or what comes is no line of ours
  @Nullable Line read() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    while (true) {
      while (in.hasRemaining()) {
        byte next = in.get();
        if (next == '\n') {
          return parse(text.toString(StandardCharsets.UTF_8));
        }
        text.write(next);
      }
      if (text.size() > LONGEST) {
        throw new IOException("a line is longer than " + LONGEST + " bytes");
      }
      in.clear();
      int count = channel.read(in);
      in.flip();
      if (count < 0) {
        return null;
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
