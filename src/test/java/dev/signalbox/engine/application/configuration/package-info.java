@NullMarked
package dev.signalbox.engine.application.configuration;

import org.jspecify.annotations.NullMarked;
