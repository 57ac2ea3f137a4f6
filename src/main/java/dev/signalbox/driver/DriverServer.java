package dev.signalbox.driver;

import dev.signalbox.driver.DriverException.Cause;
import dev.signalbox.engine.Engine;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The driver's side: lets commands of the same user, on the same machine, use its engine.
/// Thread-safe. Closing it does not close the engine.
public final class DriverServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DriverServer.class);

  /// Nobody needs as many; one who opens more and more is a fault.
  private static final int MOST_CONNECTIONS = 64;

  private final DriverSocket socket;
  private final FileChannel lockFile;
  private final Set<DriverConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile @Nullable ServerSocketChannel listening;

  private DriverServer(DriverSocket socket, FileChannel lockFile) {
    this.socket = socket;
    this.lockFile = lockFile;
  }

  /// Becomes the only driver of the environment on this machine; nobody is served yet.
  ///
  /// @throws DriverException when there is one already
  public static DriverServer claim(DriverSocket socket) throws IOException {
    StateFolder.makePrivate(socket.folder());
    FileChannel file =
        FileChannel.open(
            socket.lock(),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    FileLock lock;
    try {
      lock = file.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      file.close();
      throw new DriverException(
          Cause.RUNS_ALREADY,
          "Another resident driver of this environment runs on this machine. Nothing was changed.");
    }
    // For whoever finds the driver silent and must end it.
    file.truncate(0);
    file.write(StandardCharsets.UTF_8.encode(ProcessHandle.current().pid() + "\n"));
    return new DriverServer(socket, file);
  }

  /// Serves this engine from now on. What a driver left that was killed is cleared away.
  public void serve(Engine engine) throws IOException {
    Files.deleteIfExists(socket.path());
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(socket.path()));
    // Its folder lets nobody else in meanwhile.
    Files.setPosixFilePermissions(socket.path(), PosixFilePermissions.fromString("rw-------"));
    listening = channel;
    Thread.ofPlatform().name("signalbox-driver").daemon().start(() -> accept(channel, engine));
  }

  private void accept(ServerSocketChannel channel, Engine engine) {
    while (channel.isOpen()) {
      try {
        SocketChannel peer = channel.accept();
        if (connections.size() >= MOST_CONNECTIONS || !socket.sameUser(peer)) {
          LOG.warn("a connection was refused: {} are open", connections.size());
          peer.close();
        } else {
          DriverConnection connection =
              new DriverConnection(new Wire(peer), engine, connections::remove);
          connections.add(connection);
          connection.start();
        }
      } catch (ClosedChannelException e) {
        LOG.debug("the driver's socket is closed", e);
      } catch (IOException e) {
        LOG.warn("a connection was not accepted", e);
      }
    }
  }

  /// Nobody new is served from now on: commands find no driver, and take the lease themselves. Who
  /// is connected still hears how his work ends.
  public void stopListening() throws IOException {
    ServerSocketChannel channel = listening;
    if (channel != null) {
      listening = null;
      Files.deleteIfExists(socket.path());
      channel.close();
    }
  }

  @Override
  public void close() {
    try {
      stopListening();
      connections.forEach(DriverConnection::close);
      lockFile.close();
    } catch (IOException e) {
      LOG.warn("the driver's socket did not close", e);
    }
  }
}
