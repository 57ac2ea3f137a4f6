/// The messages and stubs of the wire protocol, generated from `src/main/proto`.
@NullMarked
package dev.signalbox.engine.strategy.client.wire;

import org.jspecify.annotations.NullMarked;
