package dev.signalbox.engine.database.pgbouncer;

import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.database.pgbouncer.WireMessages.Message;
import dev.signalbox.engine.environment.DatabaseSettings.PgBouncer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection to the admin console of a PgBouncer, over PostgreSQL's protocol with simple
/// queries. The JDBC driver cannot talk to it: it sends `SET`, which the console refuses.
///
/// Every call ends within its limit: then the connection is closed from beside, which ends a read,
/// a write and a handshake alike. After any failure but [AdminException] it is closed, too. Not
/// thread-safe, but for [#abandon].
final class AdminConsole implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminConsole.class);
  private static final Executor BESIDE = Executors.newVirtualThreadPerTaskExecutor();

  private final String name;
  private final Socket socket;
  private final WireMessages messages;

  private AdminConsole(String name, Socket socket, WireMessages messages) {
    this.name = name;
    this.socket = socket;
    this.messages = messages;
  }

  /// Connects and logs in.
  ///
  /// @throws NotRunningException when nothing listens there
  /// @throws IOException with a sentence, without the password
  static AdminConsole open(PgBouncer settings, Duration limit) throws IOException {
    String name = "PgBouncer " + settings.host() + ":" + settings.port();
    IOException last = null;
    for (boolean encrypted : AdminTls.attempts(settings.tls())) {
      Socket socket = new Socket();
      try {
        return within(
            name,
            "the login",
            limit,
            socket,
            () -> {
              socket.connect(
                  new InetSocketAddress(settings.host(), settings.port()),
                  Math.toIntExact(Math.max(1, limit.toMillis())));
              socket.setTcpNoDelay(true);
              Socket spoken = encrypted ? AdminTls.over(socket, settings, name) : socket;
              WireMessages messages = new WireMessages(name, spoken);
              new AdminLogin(name, settings, messages).run();
              return new AdminConsole(name, socket, messages);
            });
      } catch (ConnectException e) {
        throw new NotRunningException(name + " does not run: nothing listens there.", e);
      } catch (IOException e) {
        abandon(socket);
        if (last != null) {
          e.addSuppressed(last);
        }
        last = e;
      }
    }
    throw java.util.Objects.requireNonNull(last);
  }

  /// Asks; each row by the names of its columns.
  ///
  /// @throws AdminException when it is refused
  List<Map<String, String>> show(String command, Duration limit) throws IOException {
    return within(
        name,
        command,
        limit,
        socket,
        () -> {
          messages.query(command);
          return answer(command);
        });
  }

  /// Tells it to do something, and waits until that is done.
  ///
  /// @throws AdminException when it is refused
  void run(String command, Duration limit) throws IOException {
    List<Map<String, String>> nothing = show(command, limit);
    LOG.debug("{}: {} is done {}", name, command, nothing);
  }

  private List<Map<String, String>> answer(String command) throws IOException {
    List<String> columns = List.of();
    List<Map<String, String>> rows = new ArrayList<>();
    AdminException refused = null;
    while (true) {
      Message message = messages.read();
      switch (message.type()) {
        case 'T' -> columns = message.columns();
        case 'D' -> rows.add(row(columns, message.values()));
        case 'E' ->
            refused =
                new AdminException(name + " refused '" + command + "': " + message.error() + ".");
        case 'Z' -> {
          if (refused != null) {
            throw refused;
          }
          return rows;
        }
        default -> {
          // Completion, notices and parameters say nothing that is needed here.
        }
      }
    }
  }

  private static Map<String, String> row(List<String> columns, List<String> values) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(columns.size(), values.size()); i++) {
      row.put(columns.get(i), values.get(i));
    }
    return row;
  }

  private interface Talk<T> {
    T talk() throws IOException;
  }

  private static <T> T within(String name, String what, Duration limit, Socket socket, Talk<T> talk)
      throws IOException {
    AtomicBoolean late = new AtomicBoolean();
    CompletableFuture<Void> end =
        CompletableFuture.runAsync(
            () -> {
              late.set(true);
              abandon(socket);
            },
            CompletableFuture.delayedExecutor(
                Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS, BESIDE));
    try {
      return talk.talk();
    } catch (AdminException e) {
      throw e;
    } catch (IOException e) {
      abandon(socket);
      throw late.get() || e instanceof java.net.SocketTimeoutException
          ? new IOException(
              name + " did not answer '" + what + "' within " + DurationText.words(limit) + ".", e)
          : e;
    } finally {
      end.cancel(false);
    }
  }

  /// Ends it without a word, from any thread: whoever waits for an answer fails at once.
  void abandon() {
    abandon(socket);
  }

  private static void abandon(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("close of a connection", e);
    }
  }

  boolean closed() {
    return socket.isClosed();
  }

  @Override
  public void close() {
    abandon();
  }
}
