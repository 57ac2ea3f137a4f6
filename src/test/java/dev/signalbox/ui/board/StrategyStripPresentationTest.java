package dev.signalbox.ui.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.StrategyView;
import dev.signalbox.ui.Samples;
import dev.signalbox.ui.StrategySamples;
import dev.signalbox.ui.board.StrategyStripPresentation.Line;
import dev.signalbox.ui.control.Sign;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StrategyStripPresentationTest {
  @Test
  void withoutAClusterThereIsNoStrip() {
    assertThat(StrategyStripPresentation.of(Samples.ready(), Samples.NOW)).isNull();
  }

  @Test
  void saysWhatADrainWaitsFor() {
    StrategyStripPresentation presentation = presentation(StrategySamples.draining(), 1);
    assertThat(presentation.lines())
        .extracting(line -> line.label() + ": " + line.value())
        .containsExactly(
            "active: ■ Blue",
            "pending: ● Green, draining",
            "connectors: 2 blue · 6 green",
            "open queries: 2 blue · 5 green",
            "oldest query: 12 m 34 s on blue",
            "456 rate: 1.80 %",
            "cache hits: 98.10 %");
    assertThat(presentation.stale()).isFalse();
    assertThat(presentation.warning()).isEmpty();
  }

  @Test
  void overALimitThereIsASign() {
    assertThat(presentation(StrategySamples.green(), 1).lines().subList(5, 7))
        .extracting(Line::sign)
        .containsExactly(Sign.BAD, Sign.BAD);
    Line none = presentation(StrategySamples.noneReporting(), 1).lines().getLast();
    assertThat(none.value()).isEqualTo("not enough yet");
    assertThat(none.sign()).isNull();
  }

  @Test
  void oldOrSilentIsGreyAndSaysWhy() {
    assertThat(presentation(StrategySamples.steady(), 3).stale()).isFalse();
    StrategyStripPresentation old = presentation(StrategySamples.steady(), 90);
    assertThat(old.stale()).isTrue();
    assertThat(old.warning()).isEqualTo("not seen for 1 m 30 s");
    StrategyStripPresentation silent = presentation(StrategySamples.unreachable(), 1);
    assertThat(silent.stale()).isTrue();
    assertThat(silent.warning()).isEqualTo("the cluster does not answer");
    assertThat(presentation(StrategySamples.suspended(), 1).lines().get(1).value())
        .isEqualTo("cluster suspended");
  }

  private static StrategyStripPresentation presentation(StrategyView view, int seconds) {
    return Objects.requireNonNull(
        StrategyStripPresentation.of(
            Samples.with(Samples.ready(), view), Samples.NOW.plusSeconds(seconds)));
  }
}
