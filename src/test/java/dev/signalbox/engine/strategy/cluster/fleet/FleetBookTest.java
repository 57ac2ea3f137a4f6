package dev.signalbox.engine.strategy.cluster.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.strategy.client.fleet.ClientReport;
import dev.signalbox.engine.strategy.client.fleet.PinnedQuery;
import dev.signalbox.engine.strategy.cluster.fleet.FleetBook.Taken;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FleetBookTest {
  private final FleetBook book = new FleetBook();

  private static ClientReport.Builder report(String id) {
    return ClientReport.newBuilder().setClientId(id).setActive("blue");
  }

  private Taken take(ClientReport report, String peer, String user, Object source) {
    return book.take(report, peer, user, "session", source);
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
    assertThat(take(report("a").build(), "", "", old)).isEqualTo(Taken.TAKEN);
    assertThat(take(report("a").build(), "", "", now)).isEqualTo(Taken.TAKEN);
    book.ended("a", old);
    assertThat(book.summary().getClients()).isEqualTo(1);
    book.ended("a", now);
    assertThat(book.summary().getClients()).isZero();
  }

  @Test
  void thereIsRoomForSoMany() {
    for (int i = 0; i < FleetBook.MOST_CLIENTS; i++) {
      String session = "s" + i / FleetBook.MOST_PER_SESSION;
      assertThat(book.take(report("c" + i).build(), "", "", session, this)).isEqualTo(Taken.TAKEN);
    }
    assertThat(take(report("one more").build(), "", "", this)).isEqualTo(Taken.TOO_MANY);
    assertThat(book.take(report("c0").build(), "", "", "s0", this)).isEqualTo(Taken.TAKEN);
    assertThat(book.entries(10)).hasSize(10);
  }

  @Test
  void aSessionHasRoomForSoMany() {
    for (int i = 0; i < FleetBook.MOST_PER_SESSION; i++) {
      for (int times = 0; times < 2; times++) {
        assertThat(take(report("c" + i).build(), "", "ann", this)).isEqualTo(Taken.TAKEN);
      }
    }
    assertThat(take(report("more").build(), "", "ann", this))
        .isEqualTo(Taken.TOO_MANY_OF_THE_SESSION);
    // Authenticated anew, or gone: there is room again.
    assertThat(book.take(report("c0").build(), "", "ann", "new", this)).isEqualTo(Taken.TAKEN);
    assertThat(take(report("more").build(), "", "ann", this)).isEqualTo(Taken.TAKEN);
    assertThat(take(report("c0").build(), "", "ann", this))
        .isEqualTo(Taken.TOO_MANY_OF_THE_SESSION);
    book.ended("c1", this);
    assertThat(take(report("c0").build(), "", "ann", this)).isEqualTo(Taken.TAKEN);
  }

  @Test
  void noOtherUserTakesAClientOver() {
    assertThat(take(report("a").build(), "", "ann", this)).isEqualTo(Taken.TAKEN);
    ClientReport other = report("a").setActive("green").build();
    assertThat(take(other, "", "bob", new Object())).isEqualTo(Taken.NOT_YOURS);
    assertThat(book.entries(0).getFirst().getUser()).isEqualTo("ann");
    assertThat(book.summary().getBlue()).isEqualTo(1);
    book.ended("a", this);
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
