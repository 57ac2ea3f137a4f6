@NullMarked
package dev.signalbox.engine.file;

import org.jspecify.annotations.NullMarked;
