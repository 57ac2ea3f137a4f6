package dev.signalbox.cluster.access;

import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The users of the cluster, read once. Thread-safe.
///
/// A hash is slow on purpose, and all clients authenticate again when the cluster changes over. So
/// the proof of the last password that was right is kept in memory, under a key of this process;
/// every wrong password costs the whole hash, for unknown users too.
public final class Users {
  private static final String OPERATOR = ":operator";
  private static final int LONGEST = 1000;
  private static final long PATIENCE_SECONDS = 10;

  private final Map<String, PasswordHash> hashes;
  private final Set<String> operators;
  private final PasswordHash nobody;
  private final SecretKeySpec key;
  private final Map<String, byte[]> proofs = new ConcurrentHashMap<>();
  private final Semaphore cores =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

  private Users(Map<String, PasswordHash> hashes, Set<String> operators) {
    this.hashes = Map.copyOf(hashes);
    this.operators = Set.copyOf(operators);
    int iterations =
        hashes.values().stream()
            .mapToInt(PasswordHash::iterations)
            .max()
            .orElse(PasswordHash.LEAST_ITERATIONS);
    this.nobody = PasswordHash.of(new char[] {'-'}, iterations);
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, "HmacSHA256");
  }

  /// Reads `name:hash` and `name:hash:operator` lines; empty ones and those that begin with `#` are
  /// left out.
  ///
  /// @throws IOException with a sentence that names the line, never a hash
  public static Users read(Path file) throws IOException {
    Map<String, PasswordHash> hashes = new HashMap<>();
    Set<String> operators = new HashSet<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      boolean operator = line.endsWith(OPERATOR);
      if (operator) {
        line = line.substring(0, line.length() - OPERATOR.length());
      }
      int colon = line.lastIndexOf(':');
      try {
        if (colon < 1) {
          throw new IllegalArgumentException("The line is not name:hash or name:hash:operator.");
        }
        String name = line.substring(0, colon);
        if (hashes.put(name, PasswordHash.parse(line.substring(colon + 1))) != null) {
          throw new IllegalArgumentException("The user stands here a second time.");
        }
        if (operator) {
          operators.add(name);
        }
      } catch (IllegalArgumentException e) {
        throw new IOException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    return new Users(hashes, operators);
  }

  /// Whether this user, whose password was right, may suspend the cluster.
  public boolean operator(String user) {
    return operators.contains(user);
  }

  /// Whether the password is that of the user. Blocks.
  ///
  /// @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when too many wait for an answer
  public boolean knows(String user, String password) {
    // Before anything that costs: no user is that long.
    if (user.length() > LONGEST || password.length() > LONGEST) {
      return false;
    }
    byte[] proof = proof(user, password);
    if (MessageDigest.isEqual(proofs.getOrDefault(user, new byte[0]), proof)) {
      return true;
    }
    try {
      if (!cores.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw CallFailures.of(
            Status.Code.RESOURCE_EXHAUSTED, "Too many clients authenticate. Try again later.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CallFailures.of(Status.Code.UNAVAILABLE, "The cluster is being ended.");
    }
    try {
      PasswordHash hash = hashes.getOrDefault(user, nobody);
      boolean known = hash.matches(password.toCharArray()) && hashes.containsKey(user);
      if (known) {
        proofs.put(user, proof);
      }
      return known;
    } finally {
      cores.release();
    }
  }

  private byte[] proof(String user, String password) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(user.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java has no HMAC-SHA-256.", e);
    }
  }
}
