/// What `signalbox.yaml` says, validated: one environment with its planes and thresholds.
@NullMarked
package dev.signalbox.engine.environment;

import org.jspecify.annotations.NullMarked;
