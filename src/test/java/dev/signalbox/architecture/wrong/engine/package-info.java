/// An example.
@NullMarked
package dev.signalbox.architecture.wrong.engine;

import org.jspecify.annotations.NullMarked;
