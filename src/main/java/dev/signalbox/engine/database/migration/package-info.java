/// Versioned SQL scripts, applied and undone once each, with their history.
@NullMarked
package dev.signalbox.engine.database.migration;

import org.jspecify.annotations.NullMarked;
