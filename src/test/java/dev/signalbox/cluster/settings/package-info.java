@NullMarked
package dev.signalbox.cluster.settings;

import org.jspecify.annotations.NullMarked;
