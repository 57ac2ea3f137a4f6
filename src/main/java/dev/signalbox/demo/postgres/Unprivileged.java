package dev.signalbox.demo.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// How to start PostgreSQL, which refuses to run as root: as it is for an ordinary user, else in a
/// user namespace that maps nobody (files stay root's own), else as another user (files change
/// owner).
enum Unprivileged {
  AS_WE_ARE(""),
  NAMESPACE("unshare --user"),
  OTHER_USER("setpriv --reuid=65534 --regid=65534 --clear-groups");

  /// `nobody` by number: present or not in the user database, it owns nothing else of ours.
  private static final int NOBODY = 65534;

  /// Words, separated by spaces.
  private final String prefix;

  Unprivileged(String prefix) {
    this.prefix = prefix;
  }

  /// The first way that works here.
  ///
  /// @param folder one that this process created
  /// @throws IOException when this process is root and no way works
  static Unprivileged find(Path folder) throws IOException, InterruptedException {
    if (!(Files.getAttribute(folder, "unix:uid") instanceof Integer uid) || uid != 0) {
      return AS_WE_ARE;
    }
    for (Unprivileged way : List.of(NAMESPACE, OTHER_USER)) {
      if (way.works()) {
        return way;
      }
    }
    throw new IOException(
        "PostgreSQL does not run as root, and neither unshare nor setpriv can drop the rights here."
            + " Run as an ordinary user.");
  }

  private boolean works() throws InterruptedException {
    try {
      Process probe =
          new ProcessBuilder(command(List.of("true")))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (probe.waitFor(5, TimeUnit.SECONDS)) {
        return probe.exitValue() == 0;
      }
      probe.destroyForcibly();
      return false;
    } catch (IOException e) {
      // The program is not installed: the next way.
      return false;
    }
  }

  /// The command with the rights dropped. All of these replace themselves, so the process id is the
  /// server's own.
  List<String> command(List<String> command) {
    List<String> whole =
        new ArrayList<>(prefix.isEmpty() ? List.of() : List.of(prefix.split(" ", -1)));
    whole.addAll(command);
    return whole;
  }

  /// Lets the server write into its folder, and reach it through the folder above, which is ours.
  void handOver(Path folder) throws IOException {
    if (this != OTHER_USER) {
      return;
    }
    Files.setAttribute(folder, "unix:uid", NOBODY);
    Files.setAttribute(folder, "unix:gid", NOBODY);
    for (Path up = folder.getParent(); up != null; up = up.getParent()) {
      Set<PosixFilePermission> now = Files.getPosixFilePermissions(up);
      if (now.contains(PosixFilePermission.OTHERS_EXECUTE)) {
        continue;
      }
      if (!up.equals(folder.getParent())) {
        throw new IOException(
            "PostgreSQL runs as another user than root here and cannot reach "
                + folder
                + ", because "
                + up
                + " is closed to others. Choose a folder below the temporary one.");
      }
      Set<PosixFilePermission> more = EnumSet.copyOf(now);
      more.add(PosixFilePermission.OTHERS_EXECUTE);
      Files.setPosixFilePermissions(up, more);
    }
  }
}
