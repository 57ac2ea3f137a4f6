package dev.signalbox.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/// Files in a demo's folder that only their owner may read.
record DemoSecrets(Path folder) {
  Path path(String name) {
    return folder.resolve(name);
  }

  /// Writes a random secret.
  void write(String name) throws IOException {
    byte[] secret = new byte[24];
    new SecureRandom().nextBytes(secret);
    write(name, HexFormat.of().formatHex(secret));
  }

  void write(String name, String text) throws IOException {
    Path file =
        Files.createFile(
            path(name),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text + "\n");
  }

  String read(String name) throws IOException {
    return Files.readString(path(name)).strip();
  }
}
