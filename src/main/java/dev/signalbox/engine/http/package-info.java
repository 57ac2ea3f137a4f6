/// Questions to the HTTP servers of a service, for every plane.
@NullMarked
package dev.signalbox.engine.http;

import org.jspecify.annotations.NullMarked;
