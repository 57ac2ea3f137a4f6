package dev.signalbox.engine.environment;

import dev.signalbox.engine.secret.LibpqFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads how connections to a server are secured.
final class TlsReader {
  /// Of a service of libpq.
  static final Set<String> PARAMETERS =
      Set.of("sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword");

  private final SettingsReader reader;
  private final LibpqFiles files;

  TlsReader(SettingsReader reader, LibpqFiles files) {
    this.reader = reader;
    this.files = files;
  }

  /// @param at of the server
  /// @param service parameters of its service; none without one
  TlsSettings console(String at, Map<String, String> service) {
    String here = at + "/tls";
    TlsMode mode = mode(at, service);
    Optional<Path> rootCert = file(here + "/rootCert", at, service, "sslrootcert", true);
    checkRoot(at, mode, rootCert);
    Optional<Path> cert = file(here + "/cert", at, service, "sslcert", false);
    Optional<Path> key = file(here + "/key", at, service, "sslkey", false);
    if (reader.fits(here + "/key") && Files.isReadable(reader.path(here + "/key"))) {
      reader.checkSecretFile(here + "/key", reader.path(here + "/key"));
    }
    if (cert.isPresent() && key.isEmpty() && !reader.present(here + "/key")) {
      reader.problemAtKey(here + "/cert", "'cert' needs its 'key'. Add it.");
    }
    if (key.isPresent()
        && cert.isEmpty()
        && !TlsSettings.holdsBoth(key.get())
        && !reader.present(here + "/cert")) {
      reader.problemAtKey(
          here + "/key",
          "'key' needs its 'cert', unless it is a PKCS-12 file that holds both (.p12 or .pfx). Add"
              + " it.");
    }
    if (service.containsKey("sslpassword")) {
      reader.problem(
          at + "/service",
          "The service says 'sslpassword'. Write 'tls.keyPassword' into this file instead, and take"
              + " it out there.");
    }
    Optional<SecretSource> keyPassword =
        reader.present(here + "/keyPassword")
            ? Optional.of(reader.secret(here + "/keyPassword"))
            : Optional.empty();
    return new TlsSettings(mode, rootCert, cert, key, keyPassword);
  }

  private TlsMode mode(String at, Map<String, String> service) {
    String here = at + "/tls/mode";
    if (reader.fits(here)) {
      return TlsMode.parse(reader.text(here));
    }
    String said = service.getOrDefault("sslmode", "");
    try {
      return TlsMode.parse(said.isEmpty() || reader.present(here) ? "prefer" : said);
    } catch (IllegalArgumentException e) {
      reader.problem(
          at + "/service",
          "'sslmode' of the service must be disable, allow, prefer, require, verify-ca or"
              + " verify-full.");
      return TlsMode.PREFER;
    }
  }

  private Optional<Path> file(
      String here, String at, Map<String, String> service, String parameter, boolean root) {
    String said = service.getOrDefault(parameter, "");
    if (!reader.present(here) && !said.isEmpty()) {
      Path path =
          root && said.equals("system") ? TlsSettings.SYSTEM : Path.of(said).toAbsolutePath();
      check(at + "/service", path);
      return Optional.of(path);
    }
    if (!reader.fits(here)) {
      return Optional.empty();
    }
    if (root && reader.text(here).equals("system")) {
      return Optional.of(TlsSettings.SYSTEM);
    }
    Path path = reader.path(here);
    check(here, path);
    return Optional.of(path);
  }

  private void check(String at, Path path) {
    if (!path.equals(TlsSettings.SYSTEM) && (!Files.isReadable(path) || Files.isDirectory(path))) {
      reader.problem(at, "The file " + path + " cannot be read.");
    }
  }

  private void checkRoot(String at, TlsMode mode, Optional<Path> rootCert) {
    String here = at + "/tls";
    String where = reader.fits(here + "/rootCert") ? here + "/rootCert" : at;
    if (rootCert.isEmpty()) {
      Path usual = files.rootCertificate();
      if (mode.verifies() && !reader.present(here + "/rootCert") && !Files.isReadable(usual)) {
        reader.problem(
            reader.fits(here + "/mode") ? here + "/mode" : at,
            "'"
                + mode.id()
                + "' needs 'rootCert': the certificate that vouches for the server, or 'system'."
                + " Without it "
                + usual
                + " would be used, which cannot be read.");
      }
    } else if (rootCert.get().equals(TlsSettings.SYSTEM) && mode != TlsMode.VERIFY_FULL) {
      reader.problem(where, systemNeedsFull(mode));
    } else if (!mode.verifies()) {
      reader.problem(
          where,
          "'"
              + mode.id()
              + "' does not look at the server's certificate, so 'rootCert' would protect nothing."
              + " Use mode verify-full or verify-ca, or remove it.");
    }
  }

  private static String systemNeedsFull(TlsMode mode) {
    return "'rootCert: system' needs mode verify-full, not "
        + mode.id()
        + ": those authorities vouch for anybody's server.";
  }

  /// How the other server reaches this one.
  ///
  /// @param at of the peer
  /// @param console how the console does
  PeerSettings peer(String at, List<ServerAddress> addresses, TlsSettings console) {
    String here = at + "/tls";
    TlsMode mode =
        reader.fits(here + "/mode") ? TlsMode.parse(reader.text(here + "/mode")) : console.mode();
    Optional<String> rootCert =
        reader.fits(here + "/rootCert")
            ? Optional.of(reader.text(here + "/rootCert"))
            : Optional.empty();
    if (rootCert.isPresent()
        && rootCert.get().equals("system")
        && mode != TlsMode.VERIFY_FULL
        && (reader.fits(here + "/mode") || !reader.present(here + "/mode"))) {
      reader.problem(here + "/rootCert", systemNeedsFull(mode));
    }
    return new PeerSettings(addresses, mode, rootCert);
  }
}
