@NullMarked
package dev.signalbox.engine.application;

import org.jspecify.annotations.NullMarked;
