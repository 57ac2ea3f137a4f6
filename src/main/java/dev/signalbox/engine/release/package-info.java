/// What a release is made of: what a plane must offer ([Plane], [Step]), and where a release is
/// written down and who drives it ([Journal], [Lease], [Witness]). It knows no PostgreSQL, no
/// router and no gRPC.
@NullMarked
package dev.signalbox.engine.release;

import org.jspecify.annotations.NullMarked;
