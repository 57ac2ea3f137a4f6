@NullMarked
package dev.signalbox.engine.database.pgbouncer;

import org.jspecify.annotations.NullMarked;
