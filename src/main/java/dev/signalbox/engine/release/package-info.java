/// The release itself: what a plane must offer ([Plane], [Step], [Gate]), and the conductor that
/// drives planes through the phases. It knows no PostgreSQL, no router and no gRPC.
@NullMarked
package dev.signalbox.engine.release;

import org.jspecify.annotations.NullMarked;
