/// An example.
@NullMarked
package dev.signalbox.architecture.wrong.engine.release.model;

import org.jspecify.annotations.NullMarked;
