package dev.signalbox.demo.postgres;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The settings that a demo server starts with. Durable: nothing here trades safety for speed.
final class ServerSettings {
  /// Stretching helps passwords that can be guessed; ours are random, and each connection would pay
  /// for it.
  static final int SCRAM_ITERATIONS = 1;

  private ServerSettings() {}

  /// As command line options of `postgres`; `more` wins over ours.
  ///
  /// @param major version
  static List<String> options(int major, int port, Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("listen_addresses", "127.0.0.1");
    all.put("unix_socket_directories", "");
    all.put("fsync", "on");
    all.put("synchronous_commit", "on");
    all.put("full_page_writes", "on");
    all.put("wal_level", "logical");
    all.put("max_wal_senders", "20");
    all.put("max_replication_slots", "20");
    if (major >= 18) {
      all.put("max_active_replication_origins", "20");
      // Three read-ahead workers a server are too many for a small machine with two servers.
      all.put("io_method", "sync");
    }
    all.put("max_logical_replication_workers", "16");
    all.put("max_worker_processes", "24");
    all.put("max_connections", "120");
    all.put("shared_buffers", "96MB");
    // A checkpoint in the middle of a switch would be felt, so rare ones, spread out.
    all.put("max_wal_size", "1GB");
    all.put("min_wal_size", "256MB");
    all.put("checkpoint_timeout", "15min");
    all.put("jit", "off");
    all.put("huge_pages", "off");
    if (major >= 16) {
      all.put("scram_iterations", Integer.toString(SCRAM_ITERATIONS));
    }
    all.put("TimeZone", "UTC");
    all.put("log_timezone", "UTC");
    all.put("log_line_prefix", "%m [%p] %q%a %u@%d ");
    all.put("log_checkpoints", "off");
    // Parameters may hold what nobody should read in a log.
    all.put("log_parameter_max_length_on_error", "0");
    all.putAll(more);
    all.put("port", Integer.toString(port));
    List<String> options = new ArrayList<>();
    all.forEach((name, value) -> {
      options.add("-c");
      options.add(name + "=" + value);
    });
    return options;
  }
}
