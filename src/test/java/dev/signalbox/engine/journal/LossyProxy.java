package dev.signalbox.engine.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stands between a console and a server on loopback. When told, it carries a question to the
/// server, waits until the server has answered, and cuts the connection instead of carrying the
/// answer back.
final class LossyProxy implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LossyProxy.class);

  private final ServerSocket listener;
  private final int to;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger losses = new AtomicInteger();
  private volatile String word = "";

  LossyProxy(int to) throws IOException {
    this.to = to;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /// Loses the answers to the next `times` questions that contain `text`.
  void lose(String text, int times) {
    losses.set(times);
    word = text;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), to);
        open.add(client);
        open.add(server);
        AtomicBoolean losing = new AtomicBoolean();
        Thread.ofVirtual().start(() -> carry(client, server, losing, true));
        Thread.ofVirtual().start(() -> carry(server, client, losing, false));
      } catch (IOException e) {
        // Closed, or the server is down: what was accepted sees its connection end.
        LOG.debug("no connection", e);
      }
    }
  }

  /// Ends with the connection. An answer that is to be lost ends it.
  private void carry(Socket from, Socket onTo, AtomicBoolean losing, boolean questions) {
    byte[] buffer = new byte[1 << 16];
    try (from;
        onTo) {
      InputStream in = from.getInputStream();
      OutputStream out = onTo.getOutputStream();
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        if (questions) {
          String said = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
          if (!word.isEmpty() && said.contains(word) && losses.getAndDecrement() > 0) {
            losing.set(true);
          }
        } else if (losing.get()) {
          return;
        }
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException e) {
      LOG.debug("a connection was cut", e);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
