package dev.signalbox.engine.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryTest {
  private final List<Duration> pauses = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final Retry thrice = new Retry(3, n -> Duration.ofMillis(10L * n), pauses::add);
  private int runs;

  /// Fails so often, then gives the number of the run.
  private int run(int failing) throws IOException {
    runs++;
    if (runs <= failing) {
      throw new IOException("run " + runs);
    }
    return runs;
  }

  private boolean tell(Exception e) {
    failures.add(String.valueOf(e.getMessage()));
    return true;
  }

  @Test
  void whatSucceedsIsDoneOnce() throws Exception {
    assertThat(thrice.<Integer, IOException>call(() -> run(0), this::tell)).isEqualTo(1);
    assertThat(pauses).isEmpty();
    assertThat(failures).isEmpty();
  }

  @Test
  void whatFailsIsTriedAgainAfterAPause() throws Exception {
    assertThat(thrice.<Integer, IOException>call(() -> run(2), this::tell)).isEqualTo(3);
    assertThat(pauses).containsExactly(Duration.ofMillis(10), Duration.ofMillis(20));
    assertThat(failures).containsExactly("run 1", "run 2");
  }

  @Test
  void theLastFailureIsThrown() {
    assertThatThrownBy(() -> thrice.<Integer, IOException>call(() -> run(9), this::tell))
        .isInstanceOf(IOException.class)
        .hasMessage("run 3");
    assertThat(pauses).hasSize(2);
  }

  @Test
  void whatDoesNotPassIsThrownAtOnce() {
    assertThatThrownBy(() -> thrice.<Integer, IOException>call(() -> run(9), e -> false))
        .hasMessage("run 1");
    assertThat(pauses).isEmpty();
  }

  @Test
  void withoutPausesNobodySleeps() throws Exception {
    assertThat(Retry.atOnce(5).<Integer, IOException>call(() -> run(4), this::tell)).isEqualTo(5);
  }
}
