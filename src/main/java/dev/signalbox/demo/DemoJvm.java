package dev.signalbox.demo;

import dev.signalbox.engine.timing.Carriers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A small JVM of our own kind: quick to start, content with little.
///
/// @param folder where its options lie
/// @param options the class path among them
record DemoJvm(Path folder, List<String> options) {
  /// To run what this program consists of.
  static List<String> ofThisProgram() {
    return List.of("-cp", System.getProperty("java.class.path"));
  }

  private Path file() {
    return folder.resolve("java.options");
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
                Carriers.option(),
                "@" + file()));
    words.addAll(mainAndArguments);
    return words;
  }

  /// An argument file: class paths grow longer than what `signalbox.yaml` takes as one argument.
  void writeOptions() throws IOException {
    Files.write(
        file(), options.stream().map(option -> '"' + option.replace("\\", "\\\\") + '"').toList());
  }
}
