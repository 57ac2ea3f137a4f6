@NullMarked
package dev.signalbox.engine.database.pair;

import org.jspecify.annotations.NullMarked;
