/// Clients of the demo's query cluster: they query all the time, check every answer, and count.
@NullMarked
package dev.signalbox.demo.query;

import org.jspecify.annotations.NullMarked;
