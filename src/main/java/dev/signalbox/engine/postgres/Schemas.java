package dev.signalbox.engine.postgres;

import java.util.List;

/// Which schemas belong to the service, as a condition for a statement in which `:schemas` is bound
/// to their names. No name means all of them but PostgreSQL's own, ours, and those that an
/// extension made.
public final class Schemas {
  private Schemas() {}

  /// @param alias of `pg_namespace` in the statement
  public static String of(String alias) {
    return """
    (CASE WHEN cardinality(:schemas::text[]) > 0 THEN %1$s.nspname = ANY (:schemas)
      ELSE %1$s.nspname !~ '^pg_' AND %1$s.nspname NOT IN ('information_schema', 'signalbox')
        AND NOT EXISTS (SELECT FROM pg_depend made WHERE made.classid = 'pg_namespace'::regclass
          AND made.objid = %1$s.oid AND made.deptype = 'e') END)\
    """
        .formatted(alias);
  }

  /// @param column that holds the name of a schema
  public static String named(String column) {
    return column
        + " IN (SELECT service.nspname FROM pg_namespace service WHERE "
        + of("service")
        + ")";
  }

  /// In a sentence.
  public static String words(List<String> names) {
    return names.isEmpty() ? "any schema" : "schema " + String.join(", ", names);
  }
}
