/// What `cluster.yaml` says, validated.
@NullMarked
package dev.signalbox.cluster.settings;

import org.jspecify.annotations.NullMarked;
