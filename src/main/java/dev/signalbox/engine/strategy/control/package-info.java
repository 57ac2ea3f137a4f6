/// The messages and stubs of the cluster's control interface, generated from `src/main/proto`.
@NullMarked
package dev.signalbox.engine.strategy.control;

import org.jspecify.annotations.NullMarked;
