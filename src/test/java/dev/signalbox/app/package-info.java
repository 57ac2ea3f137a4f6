/// Tests of the whole engine on real servers, with consoles as processes of their own that are
/// killed.
@NullMarked
package dev.signalbox.app;

import org.jspecify.annotations.NullMarked;
