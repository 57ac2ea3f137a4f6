/// An example.
@NullMarked
package dev.signalbox.architecture.wrong.engine.database;

import org.jspecify.annotations.NullMarked;
