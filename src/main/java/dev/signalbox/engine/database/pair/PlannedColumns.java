package dev.signalbox.engine.database.pair;

import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.postgres.Catalogue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// What the migrations of a release will make of the tables of its target, as a trial found out.
/// Kept on the target until they are applied. Only tables that they change are in it.
public final class PlannedColumns {
  private static final String KEY = "planned";
  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<List<Planned>> ALL = new TypeReference<>() {};

  private PlannedColumns() {}

  /// @param columns empty when the table will be gone
  record Planned(TableName table, List<Catalogue.Column> columns) {}

  /// All tables with their columns, as they are now.
  public static Map<TableName, List<Catalogue.Column>> now(Handle h, List<String> schemas) {
    Map<TableName, List<Catalogue.Column>> all = new LinkedHashMap<>();
    for (Catalogue.Table table : Catalogue.tables(h, schemas)) {
      all.put(table.name(), Catalogue.columns(h, table.name()));
    }
    return all;
  }

  /// Remembers what differs.
  public static void remember(
      Handle h,
      Map<TableName, List<Catalogue.Column>> before,
      Map<TableName, List<Catalogue.Column>> after) {
    List<Planned> changed = new ArrayList<>();
    before.forEach((table, columns) -> {
      List<Catalogue.Column> planned = after.getOrDefault(table, List.of());
      if (!planned.equals(columns)) {
        changed.add(new Planned(table, planned));
      }
    });
    PlaneValues.remember(h, KEY, JSON.writeValueAsString(changed));
  }

  /// Whether a trial was made and the migrations are not applied yet.
  public static boolean known(Handle h) {
    return !PlaneValues.value(h, KEY).isEmpty();
  }

  public static void forget(Handle h) {
    PlaneValues.forget(h, KEY);
  }

  /// Empty when nothing will change, or no trial was made.
  public static Map<TableName, List<Catalogue.Column>> of(Handle h) {
    String text = PlaneValues.value(h, KEY);
    Map<TableName, List<Catalogue.Column>> all = new LinkedHashMap<>();
    if (!text.isEmpty()) {
      JSON.readValue(text, ALL).forEach(planned -> all.put(planned.table(), planned.columns()));
    }
    return all;
  }
}
