/// What `cluster.yaml` says, validated.
@NullMarked
package dev.signalbox.engine.strategy.cluster.settings;

import org.jspecify.annotations.NullMarked;
