package dev.signalbox.demo.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ReceiptTest {
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
    var report =
        new Reconciliation.Report(
            50, List.of(UUID.randomUUID()), List.of(), List.of(), List.of("a sum"), List.of());
    Receipt receipt = new Receipt(List.of(one), Receipt.Totals.of(felt, report, List.of(one)));
    assertThat(receipt.toJson())
        .isEqualTo(
            "{\"type\":\"receipt\",\"switches\":[{\"from\":\"blue\",\"to\":\"green\",\"stallMs\":31.3,"
                + "\"failed\":3,\"lost\":0,\"duplicated\":1,\"resets\":2,"
                + "\"steps\":[{\"id\":\"database.fence\",\"ms\":1.5}]}],"
                + "\"totals\":{\"requests\":100,\"failed\":3,\"lost\":2,\"duplicated\":0,\"resets\":2,"
                + "\"maxStallMs\":31.3}}");
    assertThat(receipt.totals().isClean()).isFalse();
  }
}
