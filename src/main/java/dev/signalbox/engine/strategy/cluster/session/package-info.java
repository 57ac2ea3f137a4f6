/// Sessions of clients and the queries that are open in them.
@NullMarked
package dev.signalbox.engine.strategy.cluster.session;

import org.jspecify.annotations.NullMarked;
