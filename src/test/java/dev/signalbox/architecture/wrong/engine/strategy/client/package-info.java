/// An example.
@NullMarked
package dev.signalbox.architecture.wrong.engine.strategy.client;

import org.jspecify.annotations.NullMarked;
