@NullMarked
package dev.signalbox.engine.database;

import org.jspecify.annotations.NullMarked;
