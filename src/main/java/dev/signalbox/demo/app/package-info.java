/// The service that the demo moves from blue to green: a small bank ([Backend]) with a page
/// ([Frontend]), each an operating-system process of its own. It learns its database from a file
/// that it watches, as a real application could, and says which database it really uses.
@NullMarked
package dev.signalbox.demo.app;

import org.jspecify.annotations.NullMarked;
