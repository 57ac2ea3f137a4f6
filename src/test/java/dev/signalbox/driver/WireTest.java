package dev.signalbox.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.support.EventPayloads;
import dev.signalbox.ui.Samples;
import dev.signalbox.ui.StrategySamples;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What is said over the socket arrives as it was.
class WireTest {
  @TestFactory
  List<DynamicTest> aStateArrivesAsItWas() {
    return Stream.of(Samples.all(), StrategySamples.all())
        .flatMap(all -> all.entrySet().stream())
        .map(sample ->
            DynamicTest.dynamicTest(
                sample.getKey(),
                () -> {
                  Line sent = Wire.state(sample.getValue());
                  assertThat(Wire.parse(Wire.text(sent))).isEqualTo(sent);
                  EngineSnapshot arrived = ((Line.State) sent).snapshot();
                  assertThat(arrived.history().samples()).isEmpty();
                  assertThat(arrived.levers()).isEqualTo(sample.getValue().levers());
                }))
        .toList();
  }

  @TestFactory
  List<DynamicTest> aCommandArrivesAsItWas() {
    return List.<Command>of(
            new Command.StartRelease("v2"),
            new Command.CutOver(),
            new Command.RollBack("lose 3 writes"),
            new Command.Resume(),
            new Command.GiveUp("bank"),
            new Command.CleanUp("bank"),
            new Command.TakeOver("bank"),
            new Command.TakeOver("bank", "I checked that blue is off"),
            new Command.CancelQuery("q-7"),
            new Command.SuspendCluster("bank"),
            new Command.ResumeCluster())
        .stream()
        .map(command ->
            DynamicTest.dynamicTest(
                command.toString(),
                () -> {
                  Line sent = new Line.Order(3, command);
                  assertThat(Wire.parse(Wire.text(sent))).isEqualTo(sent);
                }))
        .toList();
  }

  @Test
  void eventsAndAnswersArriveAsTheyWere() throws IOException {
    for (EventPayload payload : EventPayloads.random(8, 1_000)) {
      Line sent =
          new Line.Event(
              new EngineEvent(
                  1, Samples.NOW, 1, 1, "desk", payload, Phase.PREPARE, "step", "text"));
      assertThat(Wire.parse(Wire.text(sent))).isEqualTo(sent);
    }
    for (Outcome outcome :
        List.of(new Outcome.Done("a\nb"), new Outcome.Refused("b"), new Outcome.Failed("c"))) {
      Line sent = new Line.Answer(4, outcome);
      assertThat(Wire.text(sent)).doesNotContain("\n");
      assertThat(Wire.parse(Wire.text(sent))).isEqualTo(sent);
    }
  }

  @Test
  void whatIsNoLineIsAFault() {
    for (String text :
        List.of("", "{}", "{\"is\":\"Order\",\"id\":1,\"command\":{\"is\":\"X\"}}")) {
      assertThatThrownBy(() -> Wire.parse(text)).as(text).isInstanceOf(IOException.class);
    }
  }
}
