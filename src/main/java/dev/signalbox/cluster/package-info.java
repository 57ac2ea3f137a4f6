/// The query cluster: a gateway that speaks the wire protocol of the existing connectors and runs
/// their SQL, read-only, on the PostgreSQL of the blue or the green stack. See the decision and the
/// reference in `src/docs`.
@NullMarked
package dev.signalbox.cluster;

import org.jspecify.annotations.NullMarked;
