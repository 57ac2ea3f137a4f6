/// The routers in front of the stacks, as the console drives them.
@NullMarked
package dev.signalbox.engine.application.router;

import org.jspecify.annotations.NullMarked;
