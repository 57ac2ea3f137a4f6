package dev.signalbox.engine.release.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.ApplicationView.Router;
import dev.signalbox.engine.ApplicationView.Traffic;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineSnapshot.Mark;
import dev.signalbox.engine.EngineSnapshot.Sample;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.engine.ReleaseView.MoveView.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SampleHistoryTest {
  private final SampleHistory history = new SampleHistory();

  private Sample sample(@Nullable ApplicationView view) {
    history.look(Instant.now().plusSeconds(2L * history.shown().samples().size()), view, List.of());
    return history.shown().samples().getLast();
  }

  private static ApplicationView view(boolean reachable, Map<Colour, Traffic> traffic) {
    return new ApplicationView(
        Instant.now(),
        Map.of(),
        new Router("embedded", reachable, Colour.BLUE, null, false, 0, traffic));
  }

  @Test
  void whatNobodySaidIsAGapAndNotAZero() {
    Map<Colour, Traffic> last = Map.of(Colour.BLUE, new Traffic(1, 512, Duration.ZERO, 0.5, 3));
    for (ApplicationView nothing : new ApplicationView[] {null, view(false, last)}) {
      Sample sample = sample(nothing);
      assertThat(sample.blueRequests()).isNaN();
      assertThat(sample.greenRequests()).isNaN();
      assertThat(sample.errorShare()).isNaN();
      assertThat(sample.forwardLagMillis()).isNaN();
      assertThat(sample.forwardLagBytes()).isNegative();
    }
    Sample seen = sample(view(true, last));
    assertThat(seen.blueRequests()).isEqualTo(512);
    assertThat(seen.greenRequests()).isNaN();
    assertThat(seen.errorShare()).isEqualTo(0.5);
  }

  @Test
  void noRequestsAreAZero() {
    Sample quiet = sample(view(true, Map.of(Colour.BLUE, new Traffic(0, 0, Duration.ZERO, 0, 0))));
    assertThat(quiet.blueRequests()).isZero();
    assertThat(quiet.errorShare()).isZero();
  }

  @Test
  void aMarkStandsWhereItsMoveBeganInEveryRelease() {
    Instant start = Instant.parse("2026-11-21T14:00:00Z");
    history.mark(List.of(move(start.minusSeconds(4), Result.DONE)));
    history.look(start, null, List.of());
    // The next release counts its moves anew.
    Instant second = start.plusMillis(90_300);
    history.mark(List.of());
    history.mark(List.of(move(second, Result.UNDER_WAY)));
    history.look(start.plusSeconds(100), null, List.of());
    assertThat(history.shown().marks())
        .containsExactly(new Mark(start.minusSeconds(4), "to green"), new Mark(second, "to green"));

    history.mark(List.of(move(second, Result.UNDONE)));
    history.look(start.plusSeconds(620), null, List.of());
    assertThat(history.shown().marks()).containsExactly(new Mark(second, "to green, undone"));
  }

  private static MoveView move(Instant at, Result result) {
    return new MoveView(Move.to(Colour.GREEN), result, at, null, List.of());
  }
}
