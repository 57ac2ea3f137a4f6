package dev.signalbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.support.Await;
import dev.signalbox.support.TestDatabases;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A connection that idles. gRPC lets no client ping more often than every 10 s, and a server hangs
/// up at the third ping that comes too early: hence the minute.
@Tag("long")
class KeepAliveTest {
  private static final long PING_SECONDS = 11;
  private static final Duration IDLE = Duration.ofSeconds(5 * PING_SECONDS);

  @Test
  void aConnectionThatOnlyPingsStaysUsable(@TempDir Path folder) throws Exception {
    try (TestDatabases databases = TestDatabases.create();
        TestCluster cluster = new TestCluster(folder, databases)) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", cluster.port())
              .usePlaintext()
              .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
              .keepAliveWithoutCalls(true)
              .build();
      try {
        TestClient client = new TestClient(channel);
        assertThat(client.authenticate("blue").getSessionId()).isNotEmpty();
        long began = System.nanoTime();
        // A server that hangs up sends the channel back to IDLE.
        Await.until(
            "several pings, or the end of the connection",
            IDLE.multipliedBy(2),
            () ->
                channel.getState(false) != ConnectivityState.READY
                    || System.nanoTime() - began > IDLE.toNanos());
        assertThat(channel.getState(false)).isEqualTo(ConnectivityState.READY);
        assertThat(client.authenticate("blue").getSessionId()).isNotEmpty();
      } finally {
        channel.shutdownNow();
      }
    }
  }
}
