@NullMarked
package dev.signalbox.cluster.fleet;

import org.jspecify.annotations.NullMarked;
