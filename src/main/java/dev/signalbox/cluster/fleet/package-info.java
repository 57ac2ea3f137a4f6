/// What clients report about themselves.
@NullMarked
package dev.signalbox.cluster.fleet;

import org.jspecify.annotations.NullMarked;
