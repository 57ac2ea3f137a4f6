/// What keeps a side from being written ([Barrier]), and the closing of a side that did not answer.
@NullMarked
package dev.signalbox.engine.database.barrier;

import org.jspecify.annotations.NullMarked;
