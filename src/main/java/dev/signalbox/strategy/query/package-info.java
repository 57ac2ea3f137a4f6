/// A small query client for the wire protocol: connect, execute, fetch, clear, on whichever stack
/// of the cluster is in use.
@NullMarked
package dev.signalbox.strategy.query;

import org.jspecify.annotations.NullMarked;
