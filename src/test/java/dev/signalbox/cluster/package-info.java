/// The cluster on real PostgreSQL, spoken to over real sockets.
@NullMarked
package dev.signalbox.cluster;

import org.jspecify.annotations.NullMarked;
