/// Files that are replaced as a whole.
@NullMarked
package dev.signalbox.engine.file;

import org.jspecify.annotations.NullMarked;
