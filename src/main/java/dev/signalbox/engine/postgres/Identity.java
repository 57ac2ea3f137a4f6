package dev.signalbox.engine.postgres;

import org.jdbi.v3.core.Handle;

/// Which database this really is, asked of itself.
public record Identity(String systemIdentifier, String database) {
  public static Identity of(Handle h) {
    return h.select(
            """
            SELECT system_identifier::text AS system_identifier, current_database() AS database
            FROM pg_control_system()
            """)
        .map(row ->
            new Identity(
                row.getColumn("system_identifier", String.class),
                row.getColumn("database", String.class)))
        .one();
  }
}
