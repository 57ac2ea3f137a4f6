package dev.signalbox.app;

import dev.signalbox.Main;
import dev.signalbox.cluster.ClusterServer;
import dev.signalbox.demo.app.Backend;
import dev.signalbox.demo.app.Frontend;
import dev.signalbox.demo.postgres.Ports;
import dev.signalbox.entry.EntryServer;
import dev.signalbox.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Main class that does in one process what the programs of a rig do when they start, so that the
/// JVM may note it in a cache (see [dev.signalbox.support.ChildJvm#train]): `TrainingRun
/// <signalbox.yaml of an open site>`.
final class TrainingRun {
  private TrainingRun() {}

  public static void main(String[] arguments) throws Exception {
    Path environment = Path.of(arguments[0]);
    Path site = environment.resolveSibling("");
    Path folder = Files.createDirectories(site.resolve("training"));
    Backend.main(
        new String[] {
          "--stack",
          "blue",
          "--version",
          "v1",
          "--port",
          "0",
          "--database-file",
          site.resolve("blue").resolve("database.properties").toString()
        });
    Frontend.main(new String[] {"--stack", "blue", "--version", "v1", "--port", "0"});
    EntryServer.main(new String[] {"--config", entry(site, folder).toString()});
    Path cluster = cluster(site, folder);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            ClusterServer.main(new String[] {"--config", cluster.toString()});
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    Await.until("the cluster listens", () -> Files.exists(folder.resolve("cluster.ready")));
    // Ends the process.
    Main.main(new String[] {"release", "status", "-f", environment.toString()});
  }

  private static Path entry(Path site, Path folder) throws IOException {
    JsonMapper json = JsonMapper.builder().build();
    ObjectNode config = (ObjectNode) json.readTree(Files.readString(site.resolve("entry.json")));
    config.put("port", 0).put("controlPort", 0);
    config.put("stateFile", folder.resolve("entry.state").toString());
    config.put("readyFile", folder.resolve("entry.ready").toString());
    return Files.writeString(folder.resolve("entry.json"), config.toString());
  }

  private static Path cluster(Path site, Path folder) throws IOException {
    for (String name : new String[] {"cluster.token", "query.password", "cluster.users"}) {
      Files.copy(site.resolve(name), folder.resolve(name));
    }
    String config = Files.readString(site.resolve("cluster.yaml"));
    return Files.writeString(
        folder.resolve("cluster.yaml"),
        config
            .replaceFirst("(?m)^listen: .*", "listen: 127.0.0.1:" + Ports.free())
            .replaceFirst("listen: \"[^\"]*\"", "listen: \"127.0.0.1:" + Ports.free() + "\""));
  }
}
