/// Real PostgreSQL servers for the demo and for tests: unpacked from the class path, initialized,
/// started and stopped by us, durable, on loopback, also when run as root.
@NullMarked
package dev.signalbox.demo.postgres;

import org.jspecify.annotations.NullMarked;
