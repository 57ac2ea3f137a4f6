package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.cli.Cli;
import dev.signalbox.cli.ExitCode;
import dev.signalbox.cli.Services;
import dev.signalbox.cli.Terminal;
import dev.signalbox.engine.secret.Passphrase;
import dev.signalbox.engine.secret.VaultFile;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `signalbox vault` as a person calls it whose terminal is a pipe.
class VaultCommandsTest {
  private static final String PASSPHRASE = "a passphrase of ours";

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /// @param input what stands on standard input
  private int run(String passphrase, String input, String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    Services services =
        new Services(
            new Consoles(),
            options -> 1,
            file -> 1,
            new ClusterLauncher(),
            new VaultCommands(new Passphrase(passphrase::toCharArray)));
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
      return Cli.run(
          services,
          new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false),
          args);
    } finally {
      System.setIn(before);
    }
  }

  private String[] with(String... args) {
    String[] all = new String[args.length + 3];
    all[0] = "vault";
    System.arraycopy(args, 0, all, 1, args.length);
    all[args.length + 1] = "-f";
    all[args.length + 2] = folder.resolve("signalbox.yaml").toString();
    return all;
  }

  private Path file() {
    return folder.resolve("signalbox.vault");
  }

  private String read(String passphrase, String name) {
    return new VaultFile(file(), new Passphrase(passphrase::toCharArray)).read(name);
  }

  @Test
  void setsListsRemovesAndRekeysWithoutShowingASecret() {
    assertThat(run(PASSPHRASE, "hunter2 ü\nmore\n", with("set", "blue"))).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).isEqualTo("✓ Added 'blue' in " + file() + ".\n");
    assertThat(read(PASSPHRASE, "blue")).isEqualTo("hunter2 ü");
    assertThat(run(PASSPHRASE, "hunter3\n", with("set", "blue", "--json"))).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("\"type\":\"outcome\"", "\"result\":\"done\"", "Replaced 'blue'")
        .doesNotContain("hunter");
    assertThat(run(PASSPHRASE, "x\n", with("set", "another"))).isEqualTo(ExitCode.OK);

    assertThat(run(PASSPHRASE, "", with("list"))).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).isEqualTo("another\nblue\n");
    assertThat(run(PASSPHRASE, "", with("list", "--json"))).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).isEqualTo("{\"type\":\"vault\",\"names\":[\"another\",\"blue\"]}\n");

    assertThat(run(PASSPHRASE, "", with("remove", "another"))).isEqualTo(ExitCode.OK);
    assertThat(run(PASSPHRASE, "", with("remove", "another"))).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("has no entry 'another'.");

    assertThat(run(PASSPHRASE, "short\n", with("rekey"))).isEqualTo(ExitCode.FAILED);
    assertThat(run(PASSPHRASE, "the next passphrase\n", with("rekey"))).isEqualTo(ExitCode.OK);
    assertThat(read("the next passphrase", "blue")).isEqualTo("hunter3");
    assertThat(out.toString() + err).doesNotContain("hunter", "the next");
  }

  @Test
  void whatIsWrongIsOneSentence() throws Exception {
    assertThat(run("short", "x\n", with("set", "blue"))).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString())
        .isEqualTo(
            "✗ Refused: The passphrase of a vault must have 12 characters at least. Nothing was"
                + " changed.\n");
    assertThat(run(PASSPHRASE, "", with("set", "blue"))).isEqualTo(ExitCode.USAGE);
    assertThat(run(PASSPHRASE, "x\n", with("set", "no blank"))).isEqualTo(ExitCode.FAILED);
    assertThat(run(PASSPHRASE, "", with("list"))).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("There is no vault " + file() + ".");
    assertThat(run(PASSPHRASE, "", with("remove", "blue"))).isEqualTo(ExitCode.FAILED);
    assertThat(run(PASSPHRASE, "the next passphrase\n", with("rekey"))).isEqualTo(ExitCode.FAILED);
    assertThat(file()).doesNotExist();

    assertThat(run(PASSPHRASE, "x\n", with("set", "blue"))).isEqualTo(ExitCode.OK);
    assertThat(run("another passphrase", "", with("list"))).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString())
        .isEqualTo(
            "signalbox: The passphrase does not open the vault "
                + file()
                + ". If it is the right one, somebody changed the file: restore it from a copy.\n");
    Files.writeString(file(), Files.readString(file()).replace("sealed=", "sealed=A"));
    assertThat(run(PASSPHRASE, "", with("list", "--json"))).isEqualTo(ExitCode.FAILED);
    assertThat(out.toString())
        .contains(
            "\"problems\":[\"The vault "
                + file()
                + " was damaged or changed by hand. Restore it from a copy.\"]");
  }

  /// The secret never stands among the arguments, which everybody on the machine can read.
  @Test
  void aSecretAsAnArgumentIsWrongUse() {
    assertThat(run(PASSPHRASE, "x\n", with("set", "blue", "hunter2"))).isEqualTo(ExitCode.USAGE);
    assertThat(file()).doesNotExist();
  }
}
