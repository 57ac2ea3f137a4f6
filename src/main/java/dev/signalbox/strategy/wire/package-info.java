/// The messages and stubs of the wire protocol, generated from `src/main/proto`.
@NullMarked
package dev.signalbox.strategy.wire;

import org.jspecify.annotations.NullMarked;
