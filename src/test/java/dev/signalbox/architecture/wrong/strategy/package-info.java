/// An example.
@NullMarked
package dev.signalbox.architecture.wrong.strategy;

import org.jspecify.annotations.NullMarked;
