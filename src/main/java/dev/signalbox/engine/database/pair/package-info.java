/// The two servers of one database, and what every part of the database plane does with them.
@NullMarked
package dev.signalbox.engine.database.pair;

import org.jspecify.annotations.NullMarked;
