/// Connections to the two servers, with a timeout on everything; what belongs to the service there;
/// the fence that refuses its writes.
@NullMarked
package dev.signalbox.engine.postgres;

import org.jspecify.annotations.NullMarked;
