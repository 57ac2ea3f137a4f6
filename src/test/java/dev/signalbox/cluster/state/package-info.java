@NullMarked
package dev.signalbox.cluster.state;

import org.jspecify.annotations.NullMarked;
