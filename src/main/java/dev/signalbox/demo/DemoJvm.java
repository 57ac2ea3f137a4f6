package dev.signalbox.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A small JVM of our own kind: quick to start, content with little.
record DemoJvm(Path folder) {
  private Path classPath() {
    return folder.resolve("class.path");
  }

  /// That runs this class.
  List<String> command(List<String> mainAndArguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx192m",
                "--enable-native-access=ALL-UNNAMED",
                "@" + classPath()));
    words.addAll(mainAndArguments);
    return words;
  }

  /// An argument file: class paths grow longer than what `signalbox.yaml` takes as one argument.
  void writeClassPath() throws IOException {
    String quoted = System.getProperty("java.class.path").replace("\\", "\\\\");
    Files.writeString(classPath(), "-cp \"" + quoted + "\"\n");
  }
}
