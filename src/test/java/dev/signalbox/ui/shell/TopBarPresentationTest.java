package dev.signalbox.ui.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.support.SampleLevers;
import dev.signalbox.ui.Samples;
import dev.signalbox.ui.fx.Validity;
import dev.signalbox.ui.order.OrderState;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/// What the top bar says when little is known, and of the way back.
class TopBarPresentationTest {
  @Test
  void beforeTheJournalWasReadNothingIsSaidToBeNone() {
    TopBarPresentation presentation = bar(Samples.deadFromTheStart(), Duration.ZERO);
    assertThat(presentation.release()).isEqualTo("not known");
    assertThat(presentation.liveText()).isEqualTo("not known");
    assertThat(presentation.driver()).isEqualTo("not known");
    RollBackPresentation back = back(Samples.deadFromTheStart());
    assertThat(back.possible()).isFalse();
    assertThat(back.detail()).isEqualTo("not known");
    assertThat(back.evidence()).contains("the journal could not be read yet");
  }

  @Test
  void anOutageSaysSinceWhenTheReleaseIsNotKnown() {
    TopBarPresentation presentation = bar(Samples.wasFineThenDied(), Duration.ZERO);
    assertThat(presentation.release()).isEqualTo("#42 v2.8.0");
    assertThat(presentation.route()).isEqualTo("not known since 14:31:19");
    assertThat(presentation.mine()).isFalse();
  }

  @Test
  void anEngineThatIsSilentLeavesNothingLive() {
    TopBarPresentation presentation = bar(Samples.ready(), Duration.ofSeconds(30));
    assertThat(presentation.live()).isNull();
    assertThat(presentation.liveText()).isEqualTo("not known");
    assertThat(presentation.warning()).contains("30 s");
  }

  @Test
  void whoeverGivesTheLeaseAndIsSilentIsNamed() {
    assertThat(bar(Samples.after(), Duration.ZERO).warning()).isEmpty();
    TopBarPresentation one = bar(Samples.oneVoterSilent(), Duration.ZERO);
    assertThat(one.warning()).contains("green").contains("A majority still answers");
    assertThat(one.driver()).isEqualTo("you hold the lease");
    assertThat(one.driverHint()).contains("green");
    TopBarPresentation none = bar(Samples.noMajority(), Duration.ZERO);
    assertThat(none.driver()).isEqualTo("nobody can drive");
    assertThat(none.warning()).startsWith("Nobody can drive").contains("green, entry");
  }

  @Test
  void theLabelIsTheEffectAndALockSaysWhy() {
    assertThat(back(Samples.after()).title()).isEqualTo("Roll back to Blue");
    RollBackPresentation underWay = back(Samples.rollingBack());
    assertThat(underWay.possible()).isFalse();
    assertThat(underWay.detail()).isEqualTo("going back to Blue …");
    assertThat(underWay.evidence()).isEqualTo("The way back to BLUE is under way.");
    assertThat(back(Samples.givingUp()).detail()).isEqualTo("Blue is live");
  }

  @Test
  void whoOnlyLooksOnMayNotPullWhatIsFreeForTheOther() {
    assertThat(back(Samples.after()).possible()).isTrue();
    RollBackPresentation back =
        back(
            Samples.after().with(p -> p.levers = SampleLevers.elsewhere("anna drives.", p.levers)));
    assertThat(back.possible()).isFalse();
    assertThat(back.evidence()).isEqualTo("anna drives.");
  }

  private static TopBarPresentation bar(EngineSnapshot state, Duration later) {
    return TopBarPresentation.of(state, Samples.NOW.plus(later), ZoneOffset.UTC);
  }

  /// Its label is where it leads: not to the side that is lost.
  @Test
  void aWayBackThatLostItsSideIsTakenBack() {
    RollBackPresentation back = back(Samples.wayBackLost());
    assertThat(back.possible()).isTrue();
    assertThat(back.title()).isEqualTo("Back to Green, lose Blue's writes");
    assertThat(back.detail()).isEqualTo("to green · asks for words");
    assertThat(back.words()).isEqualTo("lose writes of blue");
    assertThat(back(Samples.greenDead()).title()).isEqualTo("Roll back, may lose writes");
  }

  private static RollBackPresentation back(EngineSnapshot state) {
    return RollBackPresentation.of(state, Validity.of(state, Samples.NOW), new OrderState.Idle());
  }
}
