package dev.signalbox.engine.database.preflight;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Finding;
import dev.signalbox.engine.database.pair.PlaneValues;
import dev.signalbox.engine.database.schema.SchemaCarrier;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Identifiers;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Whether the schema of the source can be created on the target.
final class CarryChecks {
  private CarryChecks() {}

  /// @param colour of the source
  static List<Finding> look(Handle source, Handle target, Colour colour, List<String> schemas) {
    List<Catalogue.Table> tables = Catalogue.tables(target, schemas);
    boolean ours =
        !PlaneValues.value(target, "retired").isEmpty()
            || !PlaneValues.value(target, "carried_release").isEmpty();
    if (!tables.isEmpty() && !ours) {
      return target.select(anyRow(tables)).mapTo(boolean.class).one()
          ? List.of(occupied(colour.other(), tables))
          : List.of();
    }
    List<String> uncarried = SchemaCarrier.uncarried(source, target, schemas);
    return uncarried.isEmpty() ? List.of() : List.of(uncarried(source, target, colour, uncarried));
  }

  private static Finding occupied(Colour side, List<Catalogue.Table> tables) {
    return Finding.block(
        side,
        side
            + " is not empty: "
            + tables.getFirst().name()
            + (tables.size() == 1 ? " is" : " and " + (tables.size() - 1) + " more tables are")
            + " there. Empty it, or name the right database.",
        "");
  }

  private static Finding uncarried(
      Handle source, Handle target, Colour colour, List<String> uncarried) {
    int oldest = SchemaCarrier.major(source);
    int newest = SchemaCarrier.major(target);
    return Finding.block(
        colour,
        "The schema of "
            + colour
            + " holds what only pg_dump carries over: "
            + String.join(", ", uncarried)
            + ". Install pg_dump "
            + (oldest == newest ? oldest : oldest + " to " + newest)
            + " on this machine (package postgresql-client-"
            + newest
            + "), or create the schema on "
            + colour.other()
            + " yourself, without rows.",
        "");
  }

  private static String anyRow(List<Catalogue.Table> tables) {
    return "SELECT "
        + String.join(
            " OR ",
            tables.stream()
                .map(t -> "EXISTS (SELECT FROM " + Identifiers.quote(t.name()) + ")")
                .toList());
  }
}
