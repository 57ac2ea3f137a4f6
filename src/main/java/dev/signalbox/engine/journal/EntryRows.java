package dev.signalbox.engine.journal;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.postgres.Sql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Entries in the rows of table `signalbox.journal`, of this version and of earlier ones.
final class EntryRows {
  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<Map<String, String>> DATA = new TypeReference<>() {};
  private static final String EVENT =
      "sequence, at, release, epoch, actor, kind, phase, step, text, data";
  private static final String CURRENT = EVENT + ", batch, voids, previous, hash, arrived";
  private static final String EARLIER =
      EVENT + ", NULL::uuid, '{}'::uuid[], '' AS previous, '' AS hash, sequence AS arrived";

  private EntryRows() {}

  /// @param arrived its arrival number in the database that it was read from
  record Arrival(long arrived, JournalEntry entry) {}

  /// The entries that arrived after `after`, in the order of their arrival, at most `limit`. In a
  /// table of earlier versions the sequence stands for the arrival.
  static List<Arrival> after(Connection c, Layout layout, long after, int limit)
      throws SQLException {
    String order = layout == Layout.EARLIER ? "sequence" : "arrived";
    return layout == Layout.NONE
        ? List.of()
        : Sql.list(
            c,
            "SELECT "
                + (layout == Layout.EARLIER ? EARLIER : CURRENT)
                + " FROM signalbox.journal WHERE "
                + order
                + " > ? ORDER BY "
                + order
                + " LIMIT ?",
            row -> new Arrival(row.getLong("arrived"), entry(row)),
            after,
            limit);
  }

  /// The entries with these numbers that are there.
  static List<JournalEntry> numbered(Connection c, List<Long> sequences) throws SQLException {
    List<JournalEntry> found = new ArrayList<>();
    try (PreparedStatement statement =
        c.prepareStatement(
            "SELECT "
                + CURRENT
                + " FROM signalbox.journal WHERE sequence = ANY (?) ORDER BY sequence")) {
      statement.setArray(1, c.createArrayOf("bigint", sequences.toArray()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(entry(rows));
        }
      }
    }
    return found;
  }

  private static JournalEntry entry(ResultSet row) throws SQLException {
    try {
      return new JournalEntry(
          event(row),
          row.getObject(11, UUID.class),
          voids(row.getArray(12)),
          row.getString("previous"),
          row.getString("hash"));
    } catch (IllegalArgumentException | JacksonException e) {
      throw new UnreadableEntryException(row.getLong(1), e);
    }
  }

  private static EngineEvent event(ResultSet row) throws SQLException {
    return new EngineEvent(
        row.getLong(1),
        row.getTimestamp(2).toInstant(),
        row.getLong(3),
        row.getLong(4),
        row.getString(5),
        EngineEvent.Kind.valueOf(row.getString(6)),
        Phase.valueOf(row.getString(7)),
        row.getString(8),
        row.getString(9),
        JSON.readValue(row.getString(10), DATA));
  }

  private static Set<UUID> voids(@Nullable Array array) throws SQLException {
    Set<UUID> voids = new LinkedHashSet<>();
    if (array != null) {
      for (Object one : (Object[]) array.getArray()) {
        voids.add((UUID) one);
      }
    }
    return voids;
  }

  /// What `signalbox.append` and `signalbox.copy` take.
  static String json(List<JournalEntry> entries) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JournalEntry entry : entries) {
      EngineEvent e = entry.event();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("sequence", e.sequence());
      row.put("at", e.at().toString());
      row.put("release", e.release());
      row.put("epoch", e.epoch());
      row.put("actor", e.actor());
      row.put("kind", e.kind().name());
      row.put("phase", e.phase().name());
      row.put("step", e.step());
      row.put("text", e.text());
      row.put("data", e.data());
      if (entry.batch() != null) {
        row.put("batch", entry.batch().toString());
      }
      row.put("voids", entry.voids().stream().map(UUID::toString).toList());
      row.put("previous", entry.previous());
      row.put("hash", entry.hash());
      rows.add(row);
    }
    return JSON.writeValueAsString(rows);
  }
}
