@NullMarked
package dev.signalbox.engine.timing;

import org.jspecify.annotations.NullMarked;
