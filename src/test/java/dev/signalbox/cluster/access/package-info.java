@NullMarked
package dev.signalbox.cluster.access;

import org.jspecify.annotations.NullMarked;
