package dev.signalbox.demo.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/// An empty cluster that `initdb` made once, beside the unpacked binaries: a copy of it takes a
/// tenth of the time. Safe with several processes at once: each makes its own beside, and the first
/// rename wins.
///
/// A copy is a system of its own: it gets another identifier, in `pg_control` (first field; the
/// CRC-32C of all fields stands behind them) and in the first page of its only log segment (after
/// the 24 bytes of the short header), which the server compares at its start.
///
/// @param folder holds `data` and `password`
record ClusterTemplate(Path folder) {
  private static final ReentrantLock MAKING = new ReentrantLock();
  private static final int LOG_IDENTIFIER = 24;

  /// Runs a program and waits for it.
  interface Initdb {
    void make(Path data, Path passwordFile) throws IOException, InterruptedException;
  }

  /// The one for these binaries; made when it is not there yet (about a second).
  ///
  /// @param settings tells templates apart that `initdb` makes differently
  /// @param password of its superuser, when it is made
  static ClusterTemplate of(
      Path binaries, Unprivileged rights, String settings, String password, Initdb initdb)
      throws IOException, InterruptedException {
    String name = "%s-%s-%08x".formatted(binaries.getFileName(), rights, settings.hashCode());
    ClusterTemplate template = new ClusterTemplate(binaries.resolveSibling(name));
    MAKING.lockInterruptibly();
    try {
      if (!Files.exists(template.folder)) {
        template.make(rights, password, initdb);
      }
    } finally {
      MAKING.unlock();
    }
    return template;
  }

  private void make(Unprivileged rights, String password, Initdb initdb)
      throws IOException, InterruptedException {
    Path part = Files.createTempDirectory(folder.getParent(), "initdb-");
    try {
      rights.handOver(part);
      Path passwordFile =
          Files.createFile(
              part.resolve("password"),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(passwordFile, password);
      rights.handOver(passwordFile);
      initdb.make(part.resolve("data"), passwordFile);
      Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Files.exists(folder)) {
        throw e;
      }
    } finally {
      Folders.delete(part);
    }
  }

  Path data() {
    return folder.resolve("data");
  }

  /// Of the superuser, also in a copy until it is changed.
  String password() throws IOException {
    return Files.readString(folder.resolve("password"));
  }

  /// Makes a copy a system of its own.
  ///
  /// @param copy of [#data], never started
  static void renew(Path copy) throws IOException {
    Path control = copy.resolve("global/pg_control");
    Path log = copy.resolve("pg_wal/000000010000000000000001");
    byte[] content = Files.readAllBytes(control);
    ByteBuffer fields = ByteBuffer.wrap(content).order(ByteOrder.nativeOrder());
    int crc = crcPosition(fields);
    ByteBuffer identifier = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    try (var segment =
        Files.newByteChannel(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      segment.position(LOG_IDENTIFIER).read(identifier);
      if (crc < 0 || identifier.getLong(0) != fields.getLong(0)) {
        throw new IOException("The files of " + copy + " are not as PostgreSQL 18 writes them.");
      }
      // As initdb chooses it: the time in seconds, and something that differs within them.
      long random = new SecureRandom().nextInt() & 0xffff_ffffL;
      long next = (Instant.now().getEpochSecond() << 32) | random;
      segment.position(LOG_IDENTIFIER).write(identifier.clear().putLong(0, next));
      fields.putLong(0, next).putInt(crc, crcOf(fields, crc));
      Files.write(control, content);
    }
  }

  /// Behind the last field; -1 when nothing there is the checksum of what stands before.
  private static int crcPosition(ByteBuffer fields) {
    for (int at = Long.BYTES; at + Integer.BYTES <= 512; at += Integer.BYTES) {
      if (fields.getInt(at) == crcOf(fields, at)) {
        return at;
      }
    }
    return -1;
  }

  private static int crcOf(ByteBuffer fields, int length) {
    CRC32C crc = new CRC32C();
    crc.update(fields.slice(0, length));
    return (int) crc.getValue();
  }
}
