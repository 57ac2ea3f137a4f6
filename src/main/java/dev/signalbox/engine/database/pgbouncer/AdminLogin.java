package dev.signalbox.engine.database.pgbouncer;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import dev.signalbox.engine.database.pgbouncer.WireMessages.Message;
import dev.signalbox.engine.environment.DatabaseSettings.PgBouncer;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The login at an admin console: without a password, with a plain one, MD5 or SCRAM-SHA-256,
/// whichever the other end asks for. No sentence shows the password.
final class AdminLogin {
  private static final String SCRAM = "SCRAM-SHA-256";

  private final String name;
  private final PgBouncer settings;
  private final WireMessages messages;
  private @Nullable ScramClient scram;
  private boolean proven;

  AdminLogin(String name, PgBouncer settings, WireMessages messages) {
    this.name = name;
    this.settings = settings;
    this.messages = messages;
  }

  /// Ends when the console takes commands.
  void run() throws IOException {
    messages.startup(settings.user(), "pgbouncer");
    while (true) {
      Message message = messages.read();
      switch (message.type()) {
        case 'R' -> authenticate(message);
        case 'E' ->
            throw new IOException(
                name
                    + " refused the login of "
                    + settings.user()
                    + ": "
                    + message.error()
                    + ". Check user and password, and that it is in admin_users.");
        case 'Z' -> {
          return;
        }
        default -> {
          // Parameters, a key to cancel, notices.
        }
      }
    }
  }

  private void authenticate(Message message) throws IOException {
    int kind = message.number();
    switch (kind) {
      case 0 -> {
        if (scram != null && !proven) {
          throw new IOException(name + " did not prove that it knows the password; not trusted.");
        }
      }
      case 3 -> password(secret());
      case 5 -> password(md5(message.bytes(4)));
      case 10 -> begin(message);
      case 11 -> messages.send('p', utf8(proof(text(message))));
      case 12 -> finish(text(message));
      default ->
          throw new IOException(
              name
                  + " asks for a kind of login (number "
                  + kind
                  + ") that is not known here. Let its user log in by password.");
    }
  }

  private String secret() throws IOException {
    try {
      return settings.password().read();
    } catch (IllegalStateException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void password(String word) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(utf8(word));
    bytes.write(0);
    messages.send('p', bytes.toByteArray());
  }

  private String md5(byte[] salt) throws IOException {
    String inner = hex(utf8(secret() + settings.user()));
    ByteArrayOutputStream salted = new ByteArrayOutputStream();
    salted.writeBytes(utf8(inner));
    salted.writeBytes(salt);
    return "md5" + hex(salted.toByteArray());
  }

  private static String hex(byte[] bytes) throws IOException {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IOException("This Java has no MD5. Let PgBouncer ask for scram-sha-256.", e);
    }
  }

  private void begin(Message message) throws IOException {
    List<String> offered = new ArrayList<>();
    for (String one = message.text(); !one.isEmpty(); one = message.text()) {
      offered.add(one);
    }
    if (!offered.contains(SCRAM)) {
      throw new IOException(name + " offers no login with " + SCRAM + ".");
    }
    // The name is that of the first message; the server does not look at this one.
    ScramClient client =
        ScramClient.builder()
            .advertisedMechanisms(List.of(SCRAM))
            .username("*")
            .password(secret().toCharArray())
            .build();
    scram = client;
    byte[] first = utf8(client.clientFirstMessage().toString());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    data.write(utf8(SCRAM));
    data.writeByte(0);
    data.writeInt(first.length);
    data.write(first);
    messages.send('p', bytes.toByteArray());
  }

  private ScramClient scram() throws IOException {
    ScramClient client = scram;
    if (client == null) {
      throw new IOException(name + " does not keep to the order of a login.");
    }
    return client;
  }

  private String proof(String challenge) throws IOException {
    try {
      var _ = scram().serverFirstMessage(challenge);
      return scram().clientFinalMessage().toString();
    } catch (ScramException | IllegalArgumentException | IllegalStateException e) {
      throw new IOException(name + " does not keep to " + SCRAM + ".", e);
    }
  }

  private void finish(String last) throws IOException {
    try {
      var _ = scram().serverFinalMessage(last);
      proven = true;
    } catch (ScramException | IllegalArgumentException | IllegalStateException e) {
      throw new IOException(
          name + " did not prove that it knows the password; it is not trusted.", e);
    }
  }

  private static String text(Message message) throws IOException {
    return new String(message.rest(), StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
