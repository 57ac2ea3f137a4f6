/// How what is written on one side reaches the other ([Sync]), and the marker that proves it.
@NullMarked
package dev.signalbox.engine.database.sync;

import org.jspecify.annotations.NullMarked;
