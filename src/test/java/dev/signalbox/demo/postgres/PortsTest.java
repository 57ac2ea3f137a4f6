package dev.signalbox.demo.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {
  /// By chance alone, 500 of 17,000 would hold a pair in all but one of a thousand runs.
  @Test
  void noPortIsGivenTwice() throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (int n = 0; n < 500; n++) {
      ports.add(Ports.free());
    }

    assertThat(ports).doesNotHaveDuplicates();
  }
}
