/// PgBouncer as a route: its admin console, its ini file, and the switch of one of its databases.
@NullMarked
package dev.signalbox.engine.database.pgbouncer;

import org.jspecify.annotations.NullMarked;
