package dev.signalbox.strategy.observe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The files `strategy-<kind>-<day>.jsonl` of one folder. Used by one thread.
///
/// Only what bears such a name, lies in the folder itself and is a regular file is ever written or
/// deleted; symbolic links are never followed.
final class AuditFolder {
  private static final Pattern NAME =
      Pattern.compile("strategy-(changes|errors|performance)-(\\d{4}-\\d{2}-\\d{2})\\.jsonl");

  private final Path folder;
  private final long maxBytes;

  /// The file of each kind that is known to end with a whole line.
  private final Map<AuditKind, Path> whole = new EnumMap<>(AuditKind.class);

  /// @param maxBytes of one file
  AuditFolder(Path folder, long maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  Path file(AuditKind kind, LocalDate day) {
    return folder.resolve("strategy-" + kind.word() + "-" + day + ".jsonl");
  }

  /// @param lines whole ones
  /// @throws IOException when they were not written, or not all of them
  void append(AuditKind kind, LocalDate day, String lines) throws IOException {
    Files.createDirectories(folder);
    Path file = file(kind, day);
    byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
    boolean mend = !file.equals(whole.get(kind)) && endsWithinALine(file);
    whole.remove(kind);
    Set<OpenOption> how =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
    try (SeekableByteChannel channel = Files.newByteChannel(file, how, forThisUserAlone())) {
      if (channel.size() + bytes.length > maxBytes) {
        throw new IOException(file + " is full: it may have " + maxBytes + " bytes");
      }
      ByteBuffer buffer = ByteBuffer.allocate(bytes.length + 1);
      if (mend) {
        buffer.put((byte) '\n');
      }
      buffer.put(bytes).flip();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
    whole.put(kind, file);
  }

  /// What a process leaves that died, or whose disk was full.
  private static boolean endsWithinALine(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + " is no regular file");
    }
    Set<OpenOption> how = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try (SeekableByteChannel channel = Files.newByteChannel(file, how)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return channel.size() > 0
          && channel.position(channel.size() - 1).read(last) == 1
          && last.get(0) != '\n';
    }
  }

  /// Deletes the files whose retention is over.
  void deleteOld(LocalDate today) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (isOver(file.getFileName().toString(), today)
            && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static boolean isOver(String name, LocalDate today) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return false;
    }
    try {
      for (AuditKind kind : AuditKind.values()) {
        if (kind.word().equals(matcher.group(1))) {
          return LocalDate.parse(matcher.group(2)).isBefore(today.minusDays(kind.days()));
        }
      }
    } catch (DateTimeException e) {
      // A name like ours with a day that is none: not ours.
      return false;
    }
    return false;
  }

  private FileAttribute<?>[] forThisUserAlone() {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
