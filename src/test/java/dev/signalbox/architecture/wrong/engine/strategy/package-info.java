/// An example.
@NullMarked
package dev.signalbox.architecture.wrong.engine.strategy;

import org.jspecify.annotations.NullMarked;
