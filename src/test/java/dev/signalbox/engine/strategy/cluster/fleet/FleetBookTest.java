package dev.signalbox.engine.strategy.cluster.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.strategy.client.fleet.ClientReport;
import dev.signalbox.engine.strategy.client.fleet.PinnedQuery;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FleetBookTest {
  private final FleetBook book = new FleetBook();

  private static ClientReport.Builder report(String id) {
    return ClientReport.newBuilder().setClientId(id).setActive("blue");
  }

  @Test
  void theLastReportCounts() {
    Object stream = new Object();
    assertThat(book.take(report("a").build(), "peer", "ann", stream)).isTrue();
    ClientReport second =
        report("a")
            .setActive("green")
            .setPending("blue")
            .setCacheHits(3)
            .setCacheMisses(1)
            .addPinned(PinnedQuery.newBuilder().setQueryId("q").setStrategy("green"))
            .build();
    assertThat(book.take(second, "peer", "ann", stream)).isTrue();
    assertThat(book.summary().getClients()).isEqualTo(1);
    assertThat(book.summary().getGreen()).isEqualTo(1);
    assertThat(book.summary().getPending()).isEqualTo(1);
    assertThat(book.summary().getPinnedGreen()).isEqualTo(1);
    assertThat(book.cacheHitShare()).isEqualTo(0.75);
    assertThat(book.pinning(Set.of("q", "r"))).containsOnlyKeys("q").containsValue("a");
    assertThat(book.entries(0).getFirst().getReport()).isEqualTo(second);
    assertThat(book.entries(0).getFirst().getUser()).isEqualTo("ann");
  }

  @Test
  void aClientThatReportsAnewOutlivesItsOldStream() {
    Object old = new Object();
    Object now = new Object();
    assertThat(book.take(report("a").build(), "", "", old)).isTrue();
    assertThat(book.take(report("a").build(), "", "", now)).isTrue();
    book.ended("a", old);
    assertThat(book.summary().getClients()).isEqualTo(1);
    book.ended("a", now);
    assertThat(book.summary().getClients()).isZero();
  }

  @Test
  void thereIsRoomForSoMany() {
    for (int i = 0; i < FleetBook.MOST_CLIENTS; i++) {
      assertThat(book.take(report("c" + i).build(), "", "", this)).isTrue();
    }
    assertThat(book.take(report("one more").build(), "", "", this)).isFalse();
    assertThat(book.take(report("c0").build(), "", "", this)).isTrue();
    assertThat(book.entries(10)).hasSize(10);
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
    ClientReport clean = FleetBook.clipped(hostile.build()).orElseThrow();
    assertThat(clean.getSerializedSize()).isLessThan(2000);
    assertThat(clean.getSessionId()).isEmpty();
    assertThat(clean.getActive()).isEmpty();
    assertThat(clean.getPinnedTotal()).isZero();
    assertThat(clean.getCalls()).isZero();
    assertThat(FleetBook.clipped(report("").build())).isEmpty();
    assertThat(FleetBook.clipped(report("x".repeat(65)).build())).isEmpty();
  }
}
