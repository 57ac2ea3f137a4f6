/// An example.
@NullMarked
package dev.signalbox.architecture.wrong.engine.release;

import org.jspecify.annotations.NullMarked;
