package dev.signalbox.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the threads of another JVM do, virtual ones too: for the message of a test that waited in
/// vain.
public final class ThreadDump {
  private static final int MOST_THREADS = 30;
  private static final int MOST_FRAMES = 14;

  private ThreadDump() {}

  /// The threads that run code of this project, or why they are not known.
  public static String of(Process process) throws InterruptedException {
    try {
      Path folder = Files.createTempDirectory("threads");
      Path dump = folder.resolve("threads.txt");
      try {
        return write(process, dump) ? ours(Files.readString(dump)) : "no thread dump was written";
      } finally {
        Files.deleteIfExists(dump);
        Files.delete(folder);
      }
    } catch (IOException e) {
      return "no thread dump: " + e;
    }
  }

  private static boolean write(Process process, Path dump)
      throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.pid()),
                "Thread.dump_to_file",
                dump.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!jcmd.waitFor(20, TimeUnit.SECONDS)) {
      jcmd.destroyForcibly();
    }
    return Files.exists(dump);
  }

  private static String ours(String dump) {
    return Stream.of(dump.split("\n\n", -1))
        .filter(thread -> thread.contains("dev.signalbox") || thread.contains("<clinit>"))
        .limit(MOST_THREADS)
        .map(thread -> thread.lines().limit(MOST_FRAMES).collect(Collectors.joining("\n")))
        .collect(Collectors.joining("\n\n"));
  }
}
