/// Tells the cluster, for those who opt in, what this client does.
@NullMarked
package dev.signalbox.strategy.report;

import org.jspecify.annotations.NullMarked;
