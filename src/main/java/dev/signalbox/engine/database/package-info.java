/// The database plane: two PostgreSQL servers, kept in step both ways, and the switch of writes
/// between them. [dev.signalbox.engine.database.DatabasePlane] is the way in.
@NullMarked
package dev.signalbox.engine.database;

import org.jspecify.annotations.NullMarked;
