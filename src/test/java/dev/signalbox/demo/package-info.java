/// Tests of the demo.
@NullMarked
package dev.signalbox.demo;

import org.jspecify.annotations.NullMarked;
