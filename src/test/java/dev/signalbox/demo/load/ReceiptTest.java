package dev.signalbox.demo.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.demo.query.QueryCounts;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ReceiptTest {
  private static final Receipt.Load LOAD = new Receipt.Load(500, 160, 130, true, 9_012.4, 900, 3);

  @Test
  void isTheLineThatPipelinesRead() {
    Counts felt = new Counts(100, 3, 1, 1, 1, 40, 57, Duration.ofNanos(31_260_000));
    Receipt.Switch one =
        Receipt.Switch.of(
            "blue",
            "green",
            new SwitchWindow("1", Duration.ofMillis(20), felt),
            0,
            1,
            List.of(new Receipt.StepTime("database.fence", 1.5)));
    Counts all = new Counts(900, 3, 1, 1, 1, 440, 457, Duration.ofNanos(4_437_310_000L));
    var report =
        new Reconciliation.Report(
            50, List.of(UUID.randomUUID()), List.of(), List.of(), List.of("a sum"), List.of());
    QueryCounts queries = new QueryCounts(70, 1, 0, 2, 40, 29, 812.4);
    Receipt receipt = new Receipt(List.of(one), Receipt.Totals.of(all, report), queries, LOAD);
    assertThat(receipt.toJson())
        .isEqualTo(
            "{\"type\":\"receipt\",\"switches\":[{\"from\":\"blue\",\"to\":\"green\",\"stallMs\":31.3,"
                + "\"failed\":3,\"lost\":0,\"duplicated\":1,\"resets\":2,"
                + "\"steps\":[{\"id\":\"database.fence\",\"ms\":1.5}]}],"
                + "\"totals\":{\"requests\":900,\"failed\":3,\"lost\":2,\"duplicated\":0,\"resets\":2,"
                + "\"maxWaitMs\":4437.3},"
                + "\"queries\":{\"queries\":70,\"failed\":1,\"wrong\":0,\"open\":2,\"blue\":40,\"green\":29,"
                + "\"longestMs\":812.4},"
                + "\"load\":{\"asked\":500,\"carried\":160,\"rate\":130,\"steady\":true,"
                + "\"warmUpMs\":9012.4,\"warmUpRequests\":900,\"warmUpFailed\":3}}");
    assertThat(receipt.isClean()).isFalse();
  }

  @Test
  void isCleanOnlyWhenQueriesAreToo() {
    Receipt.Totals well = new Receipt.Totals(10, 0, 0, 0, 0, 12);

    assertThat(new Receipt(List.of(), well, QueryCounts.NONE, LOAD).isClean()).isTrue();
    assertThat(new Receipt(List.of(), well, new QueryCounts(1, 0, 1, 0, 1, 0, 1), LOAD).isClean())
        .isFalse();
    assertThat(new Receipt(List.of(), well, new QueryCounts(1, 0, 0, 1, 1, 0, 1), LOAD).isClean())
        .isFalse();
  }
}
