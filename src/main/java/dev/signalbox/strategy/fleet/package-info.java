/// The messages and stub with which clients report their state, generated from `src/main/proto`.
@NullMarked
package dev.signalbox.strategy.fleet;

import org.jspecify.annotations.NullMarked;
