/// Commands against an engine whose moves a test writes down; the real engine comes in the
/// end-to-end tests.
@NullMarked
package dev.signalbox.cli;

import org.jspecify.annotations.NullMarked;
