package dev.signalbox.ui.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.StrategyView;
import dev.signalbox.ui.Samples;
import dev.signalbox.ui.StrategySamples;
import dev.signalbox.ui.board.StrategyStripFace.Line;
import dev.signalbox.ui.control.Sign;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StrategyStripFaceTest {
  @Test
  void withoutAClusterThereIsNoStrip() {
    assertThat(StrategyStripFace.of(Samples.ready(), Samples.NOW)).isNull();
  }

  @Test
  void saysWhatADrainWaitsFor() {
    StrategyStripFace face = face(StrategySamples.draining(), 1);
    assertThat(face.lines())
        .extracting(line -> line.label() + ": " + line.value())
        .containsExactly(
            "active: ■ Blue",
            "pending: ● Green, draining",
            "connectors: 2 blue · 6 green",
            "open queries: 2 blue · 5 green",
            "oldest query: 12 m 34 s on blue",
            "456 rate: 1.80 %",
            "cache hits: 98.10 %");
    assertThat(face.stale()).isFalse();
    assertThat(face.warning()).isEmpty();
  }

  @Test
  void overALimitThereIsASign() {
    assertThat(face(StrategySamples.green(), 1).lines().subList(5, 7))
        .extracting(Line::sign)
        .containsExactly(Sign.BAD, Sign.BAD);
    Line none = face(StrategySamples.noneReporting(), 1).lines().getLast();
    assertThat(none.value()).isEqualTo("not enough yet");
    assertThat(none.sign()).isNull();
  }

  @Test
  void oldOrSilentIsGreyAndSaysWhy() {
    assertThat(face(StrategySamples.steady(), 3).stale()).isFalse();
    StrategyStripFace old = face(StrategySamples.steady(), 90);
    assertThat(old.stale()).isTrue();
    assertThat(old.warning()).isEqualTo("not seen for 1 m 30 s");
    StrategyStripFace silent = face(StrategySamples.unreachable(), 1);
    assertThat(silent.stale()).isTrue();
    assertThat(silent.warning()).isEqualTo("the cluster does not answer");
    assertThat(face(StrategySamples.suspended(), 1).lines().get(1).value())
        .isEqualTo("cluster suspended");
  }

  private static StrategyStripFace face(StrategyView view, int seconds) {
    return Objects.requireNonNull(
        StrategyStripFace.of(
            Samples.with(Samples.ready(), view), Samples.NOW.plusSeconds(seconds)));
  }
}
