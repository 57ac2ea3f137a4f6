package dev.signalbox.engine.strategy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.support.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryServiceTest {
  @TempDir Path folder;

  @Test
  void aQueryGoesItsWay() throws Exception {
    try (TestDatabases databases = TestDatabases.create();
        TestCluster cluster = new TestCluster(folder, databases)) {
      TestClient.TestSession session = cluster.client().session("blue");
      String query = session.run("SELECT g, g::text FROM generate_series(1, 25000) g");
      assertThat(session.fetchAll(query)).hasSizeGreaterThan(2);
      session.clear(query);
      session.clear(query);
      assertThat(cluster.status().getQueriesList()).isEmpty();
    }
  }
}
