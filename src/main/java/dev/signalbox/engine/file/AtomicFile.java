package dev.signalbox.engine.file;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/// A small text file that is replaced as a whole: a reader sees the old content or the new one,
/// never a torn one, whenever the writer dies. Not thread-safe, and two processes must not write
/// one file at a time: both use `<name>.next` beside it.
///
/// Writing is split in three so that the slow part can be done before its moment: [#prepare] writes
/// and synchronises the file beside it, [#commit] renames, [#synchronise] makes the rename survive
/// a power loss. [#write] does all three.
public final class AtomicFile {
  private static final int LOOKS = 3;

  private final Path file;
  private final Path folder;
  private final Path candidate;
  private final boolean posix;
  private final boolean keeping;
  private final FileAttribute<?>[] attributes;

  /// With the permissions that the process gives new files. Its folder must exist.
  public AtomicFile(Path file) {
    this(file, "rw-rw-rw-", false);
  }

  /// For secrets: nobody but the owner may read it, from its first byte on.
  public static AtomicFile ofOwner(Path file) {
    return new AtomicFile(file, "rw-------", false);
  }

  /// For a file of somebody else, which must exist: it keeps its owner, group and mode.
  public static AtomicFile keeping(Path file) {
    return new AtomicFile(file, "rw-------", true);
  }

  private AtomicFile(Path file, String mostPermissions, boolean keeping) {
    this.file = file.toAbsolutePath();
    this.folder = Objects.requireNonNull(this.file.getParent());
    this.candidate = folder.resolve(this.file.getFileName() + ".next");
    this.keeping = keeping;
    this.posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    this.attributes =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mostPermissions))
            }
            : new FileAttribute<?>[0];
  }

  /// The whole text of a file, whatever happens to the thread: `Files.readString` fails when the
  /// thread is interrupted, and what a step looks at would then seem not to be there.
  ///
  /// @throws NoSuchFileException when there is no such file
  /// @throws java.nio.charset.CharacterCodingException when it is not UTF-8
  public static String read(Path file) throws IOException {
    for (int look = 1; ; look++) {
      try (InputStream in = new FileInputStream(file.toFile())) {
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(in.readAllBytes()))
            .toString();
      } catch (FileNotFoundException e) {
        // The same is thrown for a file that may not be read, and one may be made meanwhile.
        if (Files.notExists(file)) {
          NoSuchFileException missing = new NoSuchFileException(file.toString());
          missing.initCause(e);
          throw missing;
        } else if (look == LOOKS) {
          throw e;
        }
      }
    }
  }

  /// Writes `text` beside the file; when this returns, its bytes are on the disk.
  public void prepare(String text) throws IOException {
    prepare(text.getBytes(StandardCharsets.UTF_8));
  }

  private void prepare(byte[] content) throws IOException {
    // One that a dead writer left might have other permissions, or be a link to elsewhere.
    Files.deleteIfExists(candidate);
    ByteBuffer bytes = ByteBuffer.wrap(content);
    try (FileChannel channel =
        FileChannel.open(
            candidate,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            attributes)) {
      if (keeping && posix) {
        keep();
      }
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(candidate);
      throw e;
    }
  }

  /// Before the content is in it: whoever may not read the file must not read this one.
  private void keep() throws IOException {
    PosixFileAttributes now = Files.readAttributes(file, PosixFileAttributes.class);
    PosixFileAttributes mine = Files.readAttributes(candidate, PosixFileAttributes.class);
    PosixFileAttributeView view =
        Objects.requireNonNull(Files.getFileAttributeView(candidate, PosixFileAttributeView.class));
    if (!mine.group().equals(now.group())) {
      view.setGroup(now.group());
    }
    if (!mine.owner().equals(now.owner())) {
      view.setOwner(now.owner());
    }
    view.setPermissions(now.permissions());
  }

  /// Whether this process may give a file the owner that this one has: its own, or it is root.
  /// Creates nothing.
  ///
  /// @throws IOException with a sentence, when it may not
  public void mayKeep() throws IOException {
    if (!posix || !Files.exists(Path.of("/proc/self"))) {
      return;
    }
    Object me = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    Object owner = Files.getAttribute(file, "unix:uid");
    if (!me.equals(0) && !me.equals(owner)) {
      throw new IOException(
          file
              + " belongs to "
              + Files.getOwner(file)
              + ", and this console cannot give a file away. Run it as that user.");
    }
  }

  /// Does all that replacing the file takes, but for the replacing.
  public void tryOut(byte[] content) throws IOException {
    prepare(content);
    Files.delete(candidate);
  }

  /// As [#write], for a text of any encoding.
  public void write(byte[] content) throws IOException {
    prepare(content);
    commit();
    synchronise();
  }

  /// Puts what was prepared in place: from here on it is what everybody reads.
  public void commit() throws IOException {
    Files.move(
        candidate, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Makes [#commit] survive a power loss. Does nothing on a system where folders cannot be
  /// synchronised.
  public void synchronise() throws IOException {
    if (posix) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /// When this returns, `text` survives a crash. When it throws, one of the two contents does.
  public void write(String text) throws IOException {
    prepare(text);
    commit();
    synchronise();
  }
}
