package dev.signalbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlanCallsTest {
  @Test
  void planningTimeIsWhatPostgresSaysAtTheEnd() {
    assertThat(
            PlanCalls.planningMillis(
                List.of(
                    "Result  (cost=0.00..0.01 rows=1 width=4)",
                    "  One-Time Filter: ('",
                    "Planning Time: 9999.000 ms",
                    "'::text <> ''::text)",
                    "Planning Time: 12.510 ms",
                    "Execution Time: 0.044 ms")))
        .isEqualTo(13);
    assertThat(PlanCalls.planningMillis(List.of("Planning Time: soon", "Planning Time: 1e9 ms")))
        .isZero();
  }
}
