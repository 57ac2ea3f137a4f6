package dev.signalbox.support;

import dev.signalbox.engine.timing.Carriers;
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
  /// What a JVM must have in common with the one that made the cache, and what makes it cheap.
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xmx256m",
          "--enable-native-access=ALL-UNNAMED",
          Carriers.option(),
          // Memory in large pieces, where the system has that: half as many page faults.
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:+UseTransparentHugePages",
          // What the JVM says of its cache would come between a program's own lines.
          "-Xlog:disable");

  private static final Object LOCK = new Object();
  private static @Nullable Path folder;
  private static volatile boolean trained;

  private ChildJvm() {}

  /// The beginning of a command line, up to the main class.
  ///
  /// @param more options of the JVM
  public static List<String> command(Class<?> main, String... more) throws IOException {
    List<String> words = java();
    words.addAll(options());
    words.addAll(List.of(more));
    words.add(main.getName());
    return words;
  }

  /// Where the classes are, and how they are found quickly.
  public static List<String> options() throws IOException {
    Path folder = folder();
    List<String> options = new ArrayList<>(OPTIONS);
    // Made by and by: a JVM that does not find it does without.
    options.add("-XX:AOTCache=" + folder.resolve("cache.aot"));
    options.addAll(List.of("-cp", classPath(folder)));
    return options;
  }

  private static List<String> java() {
    return new ArrayList<>(
        List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
  }

  /// Makes the cache, unless it is there, while a program does what is to be quick.
  ///
  /// @param main ends by itself
  public static void train(Class<?> main, String... arguments)
      throws IOException, InterruptedException {
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
          words.addAll(OPTIONS);
          words.addAll(
              List.of("-XX:AOTCacheOutput=" + fresh, "-cp", classPath(folder), main.getName()));
          words.addAll(List.of(arguments));
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
