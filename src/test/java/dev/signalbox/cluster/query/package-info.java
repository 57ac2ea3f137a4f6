@NullMarked
package dev.signalbox.cluster.query;

import org.jspecify.annotations.NullMarked;
