/// The cluster on real PostgreSQL, spoken to over real sockets.
@NullMarked
package dev.signalbox.engine.strategy.cluster;

import org.jspecify.annotations.NullMarked;
