/// Tests of the conductor on a world in memory; the same is done on real servers elsewhere.
@NullMarked
package dev.signalbox.engine.release.conductor;

import org.jspecify.annotations.NullMarked;
