package dev.signalbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.strategy.Strategy;
import dev.signalbox.support.RealComponent;
import dev.signalbox.support.TestDatabases;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The cluster as another implementation of the protocol, in another language, sees it.
class PythonClientTest {
  /// The system's, whose packages `packaging/linux/install-components.sh` installs.
  private static final Path PYTHON = Path.of("/usr/bin/python3");

  @TempDir Path folder;

  private JsonNode run(TestCluster cluster, String sql) throws Exception {
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(
                PYTHON.toString(),
                "src/test/python/wire_client.py",
                Integer.toString(cluster.port()),
                "alice",
                "secret",
                sql)
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    var _ = process.destroyForcibly();
    String text = Files.readString(out, StandardCharsets.UTF_8);
    assertThat(ended && process.exitValue() == 0).as(text).isTrue();
    return JsonMapper.shared().readTree(text.lines().toList().getLast());
  }

  private static void requirePackages() throws Exception {
    if (!Files.isExecutable(PYTHON)) {
      RealComponent.missing(PYTHON + " is not installed");
    }
    Process look =
        new ProcessBuilder(PYTHON.toString(), "-c", "import grpc, thrift, google.protobuf")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(look.waitFor(60, TimeUnit.SECONDS)).isTrue();
    if (look.exitValue() != 0) {
      RealComponent.missing("python3-grpcio, python3-protobuf or python3-thrift is not installed");
    }
  }

  @Test
  void everyTypeArrives() throws Exception {
    requirePackages();
    try (TestDatabases databases = TestDatabases.create();
        TestCluster cluster = new TestCluster(folder, databases)) {
      String row =
          "%s::bool, %s::int2, %s::int4, %s::int8, %s::float4, %s::float8, %s::numeric(10,2), %s::numeric,"
              + " %s::text, %s::bytea, %s::date, %s::timestamp, %s::timestamptz, %s::int[], %s::jsonb";
      String first =
          row.formatted(
              "'t'",
              "-1",
              "2",
              "3",
              "1.5",
              "'NaN'",
              "1.10",
              "1.234567890123456789",
              "'ä😀'",
              "E'\\\\x00ff'",
              "'2024-02-29'",
              "'1969-12-31 23:59:59.999999'",
              "'2024-02-29 12:00+05:30'",
              "'{1,2}'",
              "'{\"a\": 1}'");
      String second =
          row.formatted(
              "'f'",
              "1",
              "-2",
              "-3",
              "-1.5",
              "2.5",
              "-1.10",
              "-0.5",
              "''",
              "E'\\\\x'",
              "'0001-01-01'",
              "'2024-01-01'",
              "'2024-01-01Z'",
              "'{}'",
              "'[]'");
      String nulls = row.replace("%s", "NULL");
      JsonNode seen =
          run(
              cluster,
              "SELECT " + first + " UNION ALL SELECT " + second + " UNION ALL SELECT " + nulls);
      assertThat(seen.path("strategy").asString()).isEqualTo("blue");
      assertThat(seen.path("rows").asInt()).isEqualTo(3);
      assertThat(seen.path("status").toString()).isEqualTo("[true,3]");
      assertThat(seen.path("columns").path(12).toString())
          .isEqualTo("[\"timestamptz\",\"TIMESTAMP_TZ\",\"UTC\",\"\"]");
      assertThat(seen.path("values").toString())
          .isEqualTo(
              "[[true,false,null],[-1,1,null],[2,-2,null],[3,-3,null],[1.5,-1.5,null],"
                  + "[NaN,2.5,null],".replace("NaN", "\"NaN\"")
                  + "[\"1.10\",\"-1.10\",null],[\"1.234567890123456789\",\"-0.500000000000000000\",null],"
                  + "[\"ä😀\",\"\",null],[\"\\\\x00ff\",\"\\\\x\",null],"
                  + "[1709164800000000,-62135596800000000,null],[-1,1704067200000000,null],"
                  + "[1709188200000000,1704067200000000,null],[\"{1,2}\",\"{}\",null],"
                  + "[\"{\\\"a\\\": 1}\",\"[]\",null]]");
      JsonNode constant = run(cluster, "SELECT " + first + " FROM generate_series(1, 30000)");
      assertThat(constant.path("batches").asInt()).isGreaterThan(1);
      for (JsonNode column : constant.path("values")) {
        assertThat(column).hasSize(30_000);
        assertThat(column.path(29_999)).isEqualTo(column.path(0));
      }
      cluster.announce(Strategy.GREEN);
      var _ = cluster.makeLive(Strategy.GREEN, false);
      assertThat(run(cluster, "SELECT 1").path("refused").toString())
          .isEqualTo("[[\"blue\",\"UNKNOWN\",\"status: 456\"]]");
    }
  }
}
