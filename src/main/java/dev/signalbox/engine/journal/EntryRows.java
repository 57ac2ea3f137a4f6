package dev.signalbox.engine.journal;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.generic.GenericType;
import org.jdbi.v3.core.result.RowView;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Entries in the rows of table `signalbox.journal`, of this version and of earlier ones.
final class EntryRows {
  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<Map<String, String>> DATA = new TypeReference<>() {};
  private static final GenericType<List<UUID>> UUIDS = new GenericType<>() {};
  private static final String EVENT =
      "sequence, at, release, epoch, actor, kind, phase, step, text, data";
  private static final String CURRENT = EVENT + ", batch, voids, previous, hash, arrived";
  private static final String EARLIER =
      EVENT
          + ", NULL::uuid AS batch, '{}'::uuid[] AS voids, '' AS previous, '' AS hash,"
          + " sequence AS arrived";

  private EntryRows() {}

  /// @param arrived its arrival number in the database that it was read from
  record Arrival(long arrived, JournalEntry entry) {}

  /// The entries that arrived after `after`, in the order of their arrival, at most `limit`. In a
  /// table of earlier versions the sequence stands for the arrival.
  static List<Arrival> after(Handle h, Layout layout, long after, int limit) {
    String order = layout == Layout.EARLIER ? "sequence" : "arrived";
    return layout == Layout.NONE
        ? List.of()
        : h.select(
                "SELECT "
                    + (layout == Layout.EARLIER ? EARLIER : CURRENT)
                    + " FROM signalbox.journal WHERE "
                    + order
                    + " > ? ORDER BY "
                    + order
                    + " LIMIT ?",
                after,
                limit)
            .map(row -> new Arrival(row.getColumn("arrived", Long.class), entry(row)))
            .list();
  }

  /// The entries with these numbers that are there.
  static List<JournalEntry> numbered(Handle h, List<Long> sequences) {
    return h.createQuery(
            "SELECT "
                + CURRENT
                + " FROM signalbox.journal WHERE sequence = ANY (CAST(:sequences AS bigint[]))"
                + " ORDER BY sequence")
        .bind("sequences", sequences)
        .map(EntryRows::entry)
        .list();
  }

  private static JournalEntry entry(RowView row) throws UnreadableEntryException {
    try {
      Map<String, String> data = JSON.readValue(row.getColumn("data", String.class), DATA);
      if (data.containsValue(null)) {
        throw new IllegalArgumentException("it says null");
      }
      return new JournalEntry(
          event(row, data),
          data,
          row.getColumn("batch", UUID.class),
          Set.copyOf(row.getColumn("voids", UUIDS)),
          row.getColumn("previous", String.class),
          row.getColumn("hash", String.class));
    } catch (IllegalArgumentException | JacksonException e) {
      throw new UnreadableEntryException(row.getColumn("sequence", Long.class), e);
    }
  }

  private static EngineEvent event(RowView row, Map<String, String> data) {
    long epoch = row.getColumn("epoch", Long.class);
    EngineEvent.Kind kind = EngineEvent.Kind.valueOf(row.getColumn("kind", String.class));
    return new EngineEvent(
        row.getColumn("sequence", Long.class),
        row.getColumn("at", Instant.class),
        row.getColumn("release", Long.class),
        epoch,
        row.getColumn("actor", String.class),
        EventData.decode(kind, data, epoch),
        Phase.valueOf(row.getColumn("phase", String.class)),
        row.getColumn("step", String.class),
        row.getColumn("text", String.class));
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
      row.put("data", entry.data());
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
