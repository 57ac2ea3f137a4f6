package dev.signalbox.support;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// An authority of a test and what it vouches for, made with the `keytool` of the JDK that runs.
/// All files lie in one folder.
///
/// @param folder of its files
/// @param name of the authority
public record TestCertificates(Path folder, String name) {
  private static final String PASSWORD = "changeit";

  /// A key with its certificate.
  ///
  /// @param certificate PEM
  /// @param key PKCS-8 in PEM, not encrypted
  /// @param store PKCS-12 with both; the alias is `user`, its password [#storePassword]
  public record Pair(Path certificate, Path key, Path store) {}

  /// A new authority; takes about a second.
  public static TestCertificates create(Path folder, String name) throws Exception {
    Files.createDirectories(folder);
    TestCertificates authority = new TestCertificates(folder, name);
    authority.pair(name, "CN=" + name, "bc:c=ca:true");
    authority.pem(name);
    return authority;
  }

  /// Of the stores.
  public static String storePassword() {
    return PASSWORD;
  }

  /// Its own certificate, PEM.
  public Path root() {
    return folder.resolve(name + ".crt");
  }

  /// A certificate that it vouches for; takes about two seconds.
  ///
  /// @param commonName such as the role of a client
  /// @param hosts for `subjectAltName`, such as `ip:127.0.0.1`; empty for a client
  public Pair issue(String commonName, String hosts) throws Exception {
    String alias = name + "-" + commonName;
    pair(alias, "CN=" + commonName, "");
    byte[] request = keytool(new byte[0], alias, List.of("-certreq"));
    List<String> sign = new ArrayList<>(List.of("-gencert", "-rfc", "-validity", "30"));
    if (!hosts.isEmpty()) {
      sign.addAll(List.of("-ext", "san=" + hosts));
    }
    byte[] signed = keytool(request, name, sign);
    byte[] chain = (text(signed) + Files.readString(root())).getBytes(StandardCharsets.US_ASCII);
    var _ = keytool(chain, alias, List.of("-importcert", "-noprompt"));
    pem(alias);
    Files.write(folder.resolve(alias + ".crt"), signed);
    return new Pair(
        folder.resolve(alias + ".crt"),
        folder.resolve(alias + ".key"),
        folder.resolve(alias + ".p12"));
  }

  private void pair(String alias, String subject, String extension) throws Exception {
    List<String> make =
        new ArrayList<>(
            List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", subject));
    make.addAll(List.of("-validity", "30"));
    if (!extension.isEmpty()) {
      make.addAll(List.of("-ext", extension));
    }
    var _ = keytool(new byte[0], alias, make);
  }

  /// Certificate and key of an alias, each in a file of its own.
  private void pem(String alias) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve(alias + ".p12"))) {
      store.load(in, PASSWORD.toCharArray());
    }
    byte[] key = store.getKey("user", PASSWORD.toCharArray()).getEncoded();
    Files.writeString(
        folder.resolve(alias + ".crt"),
        block("CERTIFICATE", store.getCertificate("user").getEncoded()));
    Path file = folder.resolve(alias + ".key");
    Files.writeString(file, block("PRIVATE KEY", key));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(
        folder.resolve(alias + ".p12"), PosixFilePermissions.fromString("rw-------"));
  }

  private static String block(String what, byte[] bytes) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
        + "\n-----END "
        + what
        + "-----\n";
  }

  private byte[] keytool(byte[] in, String alias, List<String> what) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(what);
    command.addAll(
        List.of(
            "-alias",
            "user",
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            folder.resolve(alias + ".p12").toString()));
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve("keytool.log").toFile()).start();
    try (var out = process.getOutputStream()) {
      new ByteArrayInputStream(in).transferTo(out);
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    process.getInputStream().transferTo(said);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(
          command + " failed: " + said + Files.readString(folder.resolve("keytool.log")));
    }
    return said.toByteArray();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
