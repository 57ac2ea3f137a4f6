@NullMarked
package dev.signalbox.driver;

import org.jspecify.annotations.NullMarked;
