/// Reading and writing `signalbox.yaml`.
@NullMarked
package dev.signalbox.engine.environment;

import org.jspecify.annotations.NullMarked;
