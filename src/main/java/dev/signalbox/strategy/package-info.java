/// The library that an application embeds: follows a query cluster from blue to green and back
/// without failing, mixing or forgetting a query. Needs grpc-java and slf4j alone.
@NullMarked
package dev.signalbox.strategy;

import org.jspecify.annotations.NullMarked;
