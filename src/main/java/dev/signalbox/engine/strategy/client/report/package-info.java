/// Tells the cluster, for those who opt in, what this client does.
@NullMarked
package dev.signalbox.engine.strategy.client.report;

import org.jspecify.annotations.NullMarked;
