/// The bytes of results, each seen twice: as golden bytes and by Thrift's own reader.
@NullMarked
package dev.signalbox.cluster.result;

import org.jspecify.annotations.NullMarked;
