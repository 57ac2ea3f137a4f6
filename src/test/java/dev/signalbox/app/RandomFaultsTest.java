package dev.signalbox.app;

import dev.signalbox.demo.DemoSite;
import dev.signalbox.engine.release.conductor.ReleaseEngine;
import dev.signalbox.support.Thorough;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Releases of the demo's service by commands alone, each a process of its own, while consoles,
/// servers, backends, entry and cluster are killed and frozen, the disk fills up, the environment's
/// file is damaged, and second operators interfere.
///
/// Fixed seeds, the first of them or, if [Thorough], six. Others: `-Dsignalbox.faults=7,8` or
/// `-Dsignalbox.faults=1-60`.
@Tag("rig")
class RandomFaultsTest {
  @TempDir Path state;

  @Test
  @Timeout(7200)
  void aCommandLeadsOutOfEveryStateAndOneDatabaseTakesWrites() throws Exception {
    Path folder = DemoSite.newFolder();
    List<String> said = new ArrayList<>();
    try (SmallDisk disk = new SmallDisk(folder);
        Rig rig = new Rig(40, folder.resolve("site"));
        Console looking = new Console(rig.environment(), ReleaseEngine.Role.LOOK_ON);
        WriterWatch watch = new WriterWatch(rig.site)) {
      for (long seed : seeds()) {
        RandomRelease release = new RandomRelease(seed, rig, disk, looking, state);
        try {
          release.run(watch);
        } catch (Exception | AssertionError e) {
          throw new AssertionError(e.getMessage() + "\n" + release + "\nConsoles: " + state, e);
        } finally {
          said.add(release.toString());
          write(said);
        }
      }
      System.out.println(watch.counts() + ", load " + rig.load.counts());
    }
  }

  private static void write(List<String> said) throws Exception {
    Files.writeString(
        Files.createDirectories(Path.of("target")).resolve("random-faults.txt"),
        String.join("\n\n", said) + "\n");
  }

  private static List<Long> seeds() {
    List<Long> seeds = new ArrayList<>();
    for (String part :
        System.getProperty("signalbox.faults", Thorough.all("1-6", "1-2")).split(",", -1)) {
      String[] ends = part.split("-", -1);
      LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]))
          .forEach(seeds::add);
    }
    return seeds;
  }
}
