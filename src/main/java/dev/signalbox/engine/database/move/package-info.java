/// The switch of writes from one side to the other, and what takes it back.
@NullMarked
package dev.signalbox.engine.database.move;

import org.jspecify.annotations.NullMarked;
