@NullMarked
package dev.signalbox.engine.database.migration;

import org.jspecify.annotations.NullMarked;
