package dev.signalbox.strategy.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.strategy.ClusterKey;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CredentialsTest {
  @Test
  void areNeverShownAndOutliveTheCallersCopy() {
    char[] password = "hunter2".toCharArray();
    Credentials credentials = new Credentials("ada", password);
    Arrays.fill(password, ' ');
    assertThat(credentials.password()).isEqualTo("hunter2");
    ConnectionSettings settings =
        ConnectionSettings.of(new ClusterKey("localhost:1", ""), credentials);
    assertThat(settings.toString()).contains("ada").doesNotContain("hunter2");
  }
}
