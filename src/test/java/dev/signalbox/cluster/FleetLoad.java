package dev.signalbox.cluster;

import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.environment.StrategySettings;
import dev.signalbox.engine.strategy.StrategyPlane;
import dev.signalbox.strategy.fleet.ClientReport;
import dev.signalbox.strategy.fleet.FleetGrpc;
import dev.signalbox.strategy.fleet.PinnedQuery;
import dev.signalbox.strategy.fleet.ReportAnswer;
import dev.signalbox.strategy.wire.AuthenticateRequest;
import dev.signalbox.strategy.wire.QueryEngineServiceGrpc;
import dev.signalbox.support.TestDatabases;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Ten thousand clients report once a second, through real streams, to a real cluster that a
/// console's plane looks at twice a second. Prints what the console sees and what all of it costs,
/// clients included. A program, no test: `FleetLoad CLIENTS SECONDS`.
final class FleetLoad {
  private static final int CLIENTS_PER_SESSION = 250;
  private static final Duration POLL = Duration.ofMillis(500);

  private FleetLoad() {}

  public static void main(String[] args) throws Exception {
    int clients = Integer.parseInt(args[0]);
    int seconds = Integer.parseInt(args[1]);
    Path folder = Files.createTempDirectory("fleet-load-");
    try (TestDatabases databases = TestDatabases.create();
        TestCluster cluster = new TestCluster(folder, databases);
        StrategyPlane plane =
            new StrategyPlane(
                new StrategySettings(
                    URI.create("http://127.0.0.1:" + cluster.controlPort()),
                    new SecretSource.InFile(folder.resolve("token")),
                    Duration.ofSeconds(30),
                    POLL),
                colour -> Optional.empty())) {
      AtomicInteger broken = new AtomicInteger();
      List<Client> all = clients(cluster, clients, broken);
      plane.start();
      run(all, seconds, plane);
      System.out.println(broken.get() + " streams broke");
    }
    System.exit(0);
  }

  private record Client(StreamObserver<ClientReport> stream, ClientReport report) {}

  private static List<Client> clients(TestCluster cluster, int count, AtomicInteger broken) {
    List<Client> all = new ArrayList<>();
    ManagedChannel channel = cluster.channel(cluster.port());
    String session = "";
    for (int n = 0; n < count; n++) {
      if (n % CLIENTS_PER_SESSION == 0) {
        channel = cluster.channel(cluster.port());
        session = session(channel);
      }
      StreamObserver<ClientReport> stream =
          FleetGrpc.newStub(channel)
              .report(
                  new StreamObserver<>() {
                    @Override
                    public void onNext(ReportAnswer answer) {}

                    @Override
                    public void onError(Throwable gone) {
                      broken.incrementAndGet();
                    }

                    @Override
                    public void onCompleted() {}
                  });
      all.add(
          new Client(
              stream,
              ClientReport.newBuilder()
                  .setClientId("client-" + n)
                  .setSessionId(session)
                  .setName("worker-" + n)
                  .setState("blue")
                  .setActive("blue")
                  .setPinnedTotal(1)
                  .addPinned(
                      PinnedQuery.newBuilder()
                          .setQueryId("q-" + n)
                          .setStrategy("blue")
                          .setAgeMillis(n))
                  .setCalls(n)
                  .setCacheHits(99)
                  .setCacheMisses(1)
                  .build()));
    }
    return all;
  }

  private static String session(ManagedChannel channel) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("strategy", Metadata.ASCII_STRING_MARSHALLER), "blue");
    return QueryEngineServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .authenticate(
            AuthenticateRequest.newBuilder().setUser("alice").setPassword("secret").build())
        .getSessionId();
  }

  private static void run(List<Client> all, int seconds, StrategyPlane plane) {
    long began = System.nanoTime();
    long cpuBegan = cpu();
    long sent = 0;
    long[] ages = new long[seconds * 20];
    for (int tick = 0; tick < seconds * 20; tick++) {
      // A twentieth of the fleet every 50 ms.
      for (int n = tick % 20; n < all.size(); n += 20) {
        Client client = all.get(n);
        client.stream().onNext(client.report());
        sent++;
      }
      ages[tick] = System.currentTimeMillis() - plane.view().at().toEpochMilli();
      long next = began + (tick + 1) * 50_000_000L;
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
    double took = (System.nanoTime() - began) / 1e9;
    StrategyView view = plane.view();
    // The first seconds have no view yet.
    long[] steady = Arrays.copyOfRange(ages, ages.length / 2, ages.length);
    Arrays.sort(steady);
    System.out.printf(
        "%,d reports in %.1f s, %.0f %% of a core for clients, cluster and console together%n",
        sent, took, 100 * (cpu() - cpuBegan) / 1e9 / took);
    System.out.printf(
        "the console sees %,d clients, %d silent; its view is %d ms old in the median, %d at most%n",
        view.clients().size(),
        view.fleet().silent(),
        steady[steady.length / 2],
        steady[steady.length - 1]);
  }

  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
