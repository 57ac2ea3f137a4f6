@NullMarked
package dev.signalbox.engine.database.schema;

import org.jspecify.annotations.NullMarked;
