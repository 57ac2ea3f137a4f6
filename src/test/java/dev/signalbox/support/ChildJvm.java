package dev.signalbox.support;

import dev.signalbox.Main;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How tests start programs of this build in a JVM of their own: quick to start and content with
/// little. They run from jars, because an AOT cache of the JDK refuses class folders; with the
/// cache a command takes about 40 % less processor time. Thread-safe, also between test JVMs.
public final class ChildJvm {
  private static final Object LOCK = new Object();
  private static @Nullable Path folder;
  private static volatile boolean trained;

  private ChildJvm() {}

  /// The beginning of a command line, up to the main class.
  public static List<String> command(Class<?> main) throws IOException {
    Path folder = folder();
    List<String> words = java();
    Path cache = folder.resolve("cache.aot");
    if (Files.exists(cache)) {
      words.add("-XX:AOTCache=" + cache);
    }
    words.addAll(List.of("-cp", classPath(folder), main.getName()));
    return words;
  }

  private static List<String> java() {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            // What the JVM says of its cache would come between a program's own lines.
            "-Xlog:disable"));
  }

  /// Makes the cache, unless it is there: a command looks at a real environment once.
  ///
  /// @param environmentFile of an environment that answers
  public static void train(Path environmentFile) throws IOException, InterruptedException {
    if (trained) {
      return;
    }
    Path folder = folder();
    synchronized (LOCK) {
      Path cache = folder.resolve("cache.aot");
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve("train.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (lock.isValid() && !Files.exists(cache)) {
          Path fresh = folder.resolve("cache.new");
          List<String> words = java();
          words.addAll(
              List.of(
                  "-XX:AOTCacheOutput=" + fresh,
                  "-cp",
                  classPath(folder),
                  Main.class.getName(),
                  "release",
                  "status",
                  "-f",
                  environmentFile.toString()));
          ProcessBuilder builder =
              new ProcessBuilder(words)
                  .redirectErrorStream(true)
                  .redirectOutput(folder.resolve("train.log").toFile());
          builder.environment().put("XDG_STATE_HOME", folder.toString());
          int _ = builder.start().waitFor();
          Files.move(fresh, cache, StandardCopyOption.ATOMIC_MOVE);
        }
      }
      trained = true;
    }
  }

  private static Path folder() throws IOException {
    synchronized (LOCK) {
      Path known = folder;
      if (known == null) {
        known = newFolder();
        folder = known;
      }
      return known;
    }
  }

  /// Under `target`, for these classes.
  private static Path newFolder() throws IOException {
    long newest = 0;
    for (Path entry : classFolders()) {
      try (Stream<Path> files = Files.walk(entry)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          newest = Math.max(newest, Files.getLastModifiedTime(file).toMillis());
        }
      }
    }
    Path first = classFolders().getFirst();
    return Files.createDirectories(
        first.resolveSibling("child-jvm").resolve(Long.toString(newest)));
  }

  private static List<String> entries() {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(path.split(File.pathSeparator)).filter(entry -> !entry.isEmpty()).toList();
  }

  private static List<Path> classFolders() {
    return entries().stream().map(Path::of).filter(Files::isDirectory).toList();
  }

  /// The class path of this JVM, with a jar for each folder.
  private static String classPath(Path folder) throws IOException {
    List<String> path = new ArrayList<>();
    for (String entry : entries()) {
      Path place = Path.of(entry);
      path.add(Files.isDirectory(place) ? jar(place, folder).toString() : entry);
    }
    return path.stream().collect(Collectors.joining(File.pathSeparator));
  }

  private static Path jar(Path classes, Path folder) throws IOException {
    Path jar = folder.resolve(classes.getFileName() + ".jar");
    synchronized (LOCK) {
      if (!Files.exists(jar)) {
        Path fresh = Files.createTempFile(folder, "classes", ".new");
        try (OutputStream out = Files.newOutputStream(fresh);
            JarOutputStream entries = new JarOutputStream(out);
            Stream<Path> files = Files.walk(classes)) {
          entries.setLevel(0);
          for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
            entries.putNextEntry(
                new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
            Files.copy(file, entries);
            entries.closeEntry();
          }
        }
        Files.move(fresh, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return jar;
  }
}
