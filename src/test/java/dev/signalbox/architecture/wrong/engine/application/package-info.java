/// An example.
@NullMarked
package dev.signalbox.architecture.wrong.engine.application;

import org.jspecify.annotations.NullMarked;
