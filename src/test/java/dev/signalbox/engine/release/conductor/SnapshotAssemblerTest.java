package dev.signalbox.engine.release.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.engine.EngineSnapshot.Sample;
import dev.signalbox.ui.PlaneSamples;
import dev.signalbox.ui.Samples;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SnapshotAssemblerTest {
  @Test
  void whichOfSeveralDatabasesDoesNotAnswerIsSaid() {
    List<DatabaseView> one = PlaneSamples.billingDead().databases();
    assertThat(SnapshotAssembler.silent(one, Colour.GREEN))
        .isEqualTo("The database billing of green, which is live, does not answer.");
    assertThat(SnapshotAssembler.silent(one, Colour.BLUE)).isEmpty();
    assertThat(SnapshotAssembler.silent(List.of(one.getLast(), one.getLast()), Colour.GREEN))
        .isEqualTo("The databases billing and billing of green, which is live, do not answer.");
    assertThat(SnapshotAssembler.silent(Samples.greenDead().databases(), Colour.GREEN))
        .isEqualTo("The database of green, which is live, does not answer.");
  }

  @Test
  void aSampleHasTheDatabaseThatIsFurthestBehind() {
    SampleHistory history = new SampleHistory();
    List<DatabaseView> behind = PlaneSamples.billingBehind().databases();
    history.look(Samples.NOW, null, behind);
    Sample worst = history.shown().samples().getLast();
    assertThat(worst.forwardLagMillis()).isEqualTo(61_000);
    assertThat(worst.forwardLagBytes()).isEqualTo(912_000_000);
    assertThat(worst.reverseLagMillis()).isEqualTo(6);

    List<DatabaseView> dead = PlaneSamples.billingDead().databases();
    Direction unknown = Objects.requireNonNull(dead.getLast()).replication().forward();
    assertThat(unknown.lag()).isNull();
    history.look(Samples.NOW.plusSeconds(2), null, dead);
    Sample gap = history.shown().samples().getLast();
    assertThat(gap.forwardLagMillis()).as("not known of one of them").isNaN();
    assertThat(gap.forwardLagBytes()).isNegative();
  }
}
