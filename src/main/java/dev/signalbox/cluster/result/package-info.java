/// Result metadata and batches in the bytes that the existing connectors read.
@NullMarked
package dev.signalbox.cluster.result;

import org.jspecify.annotations.NullMarked;
