package dev.signalbox.demo.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/// Finds free loopback ports for processes that have to be told theirs.
public final class Ports {
  /// Below what systems give to outgoing connections, so that none of these takes the port between
  /// our look and the server's start.
  private static final int LOWEST = 15_000;

  private static final int HIGHEST = 32_000;

  /// A server that was given one may not listen on it yet.
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /// A port that was free a moment ago, never given twice by this program: another program may
  /// still be faster, so be ready to retry. Thread-safe.
  ///
  /// @throws IOException when a hundred guesses were all taken
  public static int free() throws IOException {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (!GIVEN.add(port)) {
        continue;
      }
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      } catch (IOException taken) {
        // Somebody else has it: guess again.
      }
    }
    throw new IOException("No free port on 127.0.0.1 between " + LOWEST + " and " + HIGHEST + ".");
  }
}
