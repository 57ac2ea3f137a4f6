package dev.signalbox.engine.database.pair;

import org.jdbi.v3.core.Handle;

/// What a release keeps on a server of its own, as keys and values in table `signalbox.plane`.
public final class PlaneValues {
  private PlaneValues() {}

  /// Not on a server that was put in the place of one that was lost.
  public static boolean kept(Handle h) {
    return h.select("SELECT to_regclass('signalbox.plane') IS NOT NULL").mapTo(boolean.class).one();
  }

  /// Empty when there is none.
  public static String value(Handle h, String key) {
    return kept(h)
        ? h.select("SELECT value FROM signalbox.plane WHERE key = ?", key)
            .mapTo(String.class)
            .findOne()
            .orElse("")
        : "";
  }

  public static void remember(Handle h, String key, String value) {
    h.execute(
        """
        INSERT INTO signalbox.plane VALUES (?, ?)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value
        """,
        key,
        value);
  }

  public static void forget(Handle h, String... keys) {
    if (kept(h)) {
      for (String key : keys) {
        h.execute("DELETE FROM signalbox.plane WHERE key = ?", key);
      }
    }
  }
}
