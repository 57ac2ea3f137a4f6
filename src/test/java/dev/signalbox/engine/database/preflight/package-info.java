@NullMarked
package dev.signalbox.engine.database.preflight;

import org.jspecify.annotations.NullMarked;
