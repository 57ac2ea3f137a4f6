@NullMarked
package dev.signalbox.engine.release.model;

import org.jspecify.annotations.NullMarked;
