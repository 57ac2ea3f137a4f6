package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The demo without a window, as a process that is told to end.
@Tag("rig")
class DemoServiceTest {
  @TempDir Path state;

  @Test
  @Timeout(180)
  void sigtermEndsTheLoadFirstAndTheReceiptIsTheLastWord() throws Exception {
    JsonNode receipt =
        receiptOfOneThatIsToldToEnd("--service-only", line -> line.path("queries").asLong(0) > 30);
    assertThat(receipt.at("/queries/queries").asLong()).isGreaterThan(30);
  }

  @Test
  @Timeout(180)
  void whatASwitchUnderWayCostsTheEndOfTheDemoDoesNotAddTo() throws Exception {
    JsonNode receipt =
        receiptOfOneThatIsToldToEnd(
            "--headless", line -> line.path("step").asString("").equals("application.hold"));
    assertThat(receipt.at("/totals/requests").asLong()).isPositive();
  }

  private JsonNode receiptOfOneThatIsToldToEnd(String mode, Predicate<JsonNode> when)
      throws Exception {
    Process demo =
        CommandProcess.builder(state, List.of("demo", mode, "--rate", "40", "--json"))
            .redirectError(state.resolve("errors").toFile())
            .start();
    try (BufferedReader lines = demo.inputReader()) {
      JsonNode last = JsonMapper.shared().readTree(lines.readLine());
      String folder = "";
      boolean told = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = JsonMapper.shared().readTree(line);
        String text = last.path("text").asString("");
        if (text.endsWith("signalbox.yaml")) {
          folder = text.substring(text.indexOf('/'));
        } else if (!told && when.test(last)) {
          told = true;
          // Of the process itself, it would close what is read here.
          assertThat(demo.toHandle().destroy()).isTrue();
        }
      }
      assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(last.path("type").asString()).isEqualTo("receipt");
      assertThat(told).isTrue();
      assertThat(last.at("/totals/failed").asLong()).isZero();
      assertThat(last.at("/totals/lost").asLong()).isZero();
      assertThat(last.at("/queries/failed").asLong()).isZero();
      assertThat(last.at("/queries/open").asLong()).isZero();
      assertThat(Files.readString(state.resolve("errors"))).doesNotContain("ERROR", " WARN ");
      assertThat(folder).isNotEmpty();
      assertThat(Path.of(folder)).doesNotExist();
      return last;
    } finally {
      // Killed, it would leave its servers behind.
      demo.toHandle().destroy();
      if (!demo.waitFor(60, TimeUnit.SECONDS)) {
        demo.destroyForcibly();
      }
    }
  }
}
