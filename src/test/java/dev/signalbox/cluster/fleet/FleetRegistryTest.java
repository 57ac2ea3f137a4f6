package dev.signalbox.cluster.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.cluster.fleet.FleetRegistry.Taken;
import dev.signalbox.strategy.fleet.ClientReport;
import dev.signalbox.strategy.fleet.PinnedQuery;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FleetRegistryTest {
  private final FleetRegistry registry = new FleetRegistry();

  private static ClientReport.Builder report(String id) {
    return ClientReport.newBuilder().setClientId(id).setActive("blue");
  }

  private Taken take(ClientReport report, String peer, String user, Object source) {
    return registry.take(report, peer, user, "session", source);
  }

  @Test
  void theLastReportCounts() {
    Object stream = new Object();
    assertThat(take(report("a").build(), "peer", "ann", stream)).isEqualTo(Taken.TAKEN);
    ClientReport second =
        report("a")
            .setActive("green")
            .setPending("blue")
            .setCacheHits(3)
            .setCacheMisses(1)
            .addPinned(PinnedQuery.newBuilder().setQueryId("q").setStrategy("green"))
            .build();
    assertThat(take(second, "peer", "ann", stream)).isEqualTo(Taken.TAKEN);
    assertThat(registry.summary().getClients()).isEqualTo(1);
    assertThat(registry.summary().getGreen()).isEqualTo(1);
    assertThat(registry.summary().getPending()).isEqualTo(1);
    assertThat(registry.summary().getPinnedGreen()).isEqualTo(1);
    assertThat(registry.cacheHitShare()).isEqualTo(0.75);
    assertThat(registry.pinning(Set.of("q", "r"))).containsOnlyKeys("q").containsValue("a");
    assertThat(registry.entries(0).getFirst().getReport()).isEqualTo(second);
    assertThat(registry.entries(0).getFirst().getUser()).isEqualTo("ann");
  }

  @Test
  void aClientThatReportsAnewOutlivesItsOldStream() {
    Object old = new Object();
    Object now = new Object();
    assertThat(take(report("a").build(), "", "", old)).isEqualTo(Taken.TAKEN);
    assertThat(take(report("a").build(), "", "", now)).isEqualTo(Taken.TAKEN);
    registry.ended("a", old);
    assertThat(registry.summary().getClients()).isEqualTo(1);
    registry.ended("a", now);
    assertThat(registry.summary().getClients()).isZero();
  }

  @Test
  void thereIsRoomForSoMany() {
    for (int i = 0; i < FleetRegistry.MOST_CLIENTS; i++) {
      String session = "s" + i / FleetRegistry.MOST_PER_SESSION;
      assertThat(registry.take(report("c" + i).build(), "", "", session, this))
          .isEqualTo(Taken.TAKEN);
    }
    assertThat(take(report("one more").build(), "", "", this)).isEqualTo(Taken.TOO_MANY);
    assertThat(registry.take(report("c0").build(), "", "", "s0", this)).isEqualTo(Taken.TAKEN);
    assertThat(registry.entries(10)).hasSize(10);
  }

  @Test
  void aSessionHasRoomForSoMany() {
    for (int i = 0; i < FleetRegistry.MOST_PER_SESSION; i++) {
      for (int times = 0; times < 2; times++) {
        assertThat(take(report("c" + i).build(), "", "ann", this)).isEqualTo(Taken.TAKEN);
      }
    }
    assertThat(take(report("more").build(), "", "ann", this))
        .isEqualTo(Taken.TOO_MANY_OF_THE_SESSION);
    // Authenticated anew, or gone: there is room again.
    assertThat(registry.take(report("c0").build(), "", "ann", "new", this)).isEqualTo(Taken.TAKEN);
    assertThat(take(report("more").build(), "", "ann", this)).isEqualTo(Taken.TAKEN);
    assertThat(take(report("c0").build(), "", "ann", this))
        .isEqualTo(Taken.TOO_MANY_OF_THE_SESSION);
    registry.ended("c1", this);
    assertThat(take(report("c0").build(), "", "ann", this)).isEqualTo(Taken.TAKEN);
  }

  @Test
  void noOtherUserTakesAClientOver() {
    assertThat(take(report("a").build(), "", "ann", this)).isEqualTo(Taken.TAKEN);
    ClientReport other = report("a").setActive("green").build();
    assertThat(take(other, "", "bob", new Object())).isEqualTo(Taken.NOT_YOURS);
    assertThat(registry.entries(0).getFirst().getUser()).isEqualTo("ann");
    assertThat(registry.summary().getBlue()).isEqualTo(1);
    registry.ended("a", this);
    assertThat(take(other, "", "bob", this)).isEqualTo(Taken.TAKEN);
  }

  @Test
  void whatAClientSaysIsCutToSize() {
    ClientReport.Builder hostile =
        report("a")
            .setName("n".repeat(10_000))
            .setState("s".repeat(10_000))
            .setActive("a".repeat(10_000))
            .setLastError("e".repeat(10_000))
            .setSessionId("a secret")
            .setPinnedTotal(-1)
            .setCalls(Long.MIN_VALUE);
    for (int i = 0; i < 1000; i++) {
      hostile.addPinned(PinnedQuery.newBuilder().setQueryId("q".repeat(100)));
    }
    ClientReport clean = FleetRegistry.clipped(hostile.build()).orElseThrow();
    assertThat(clean.getSerializedSize()).isLessThan(2000);
    assertThat(clean.getSessionId()).isEmpty();
    assertThat(clean.getActive()).isEmpty();
    assertThat(clean.getPinnedTotal()).isZero();
    assertThat(clean.getCalls()).isZero();
    assertThat(FleetRegistry.clipped(report("").build())).isEmpty();
    assertThat(FleetRegistry.clipped(report("x".repeat(65)).build())).isEmpty();
  }
}
