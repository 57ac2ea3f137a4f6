/// Real servers, started and ended.
@NullMarked
package dev.signalbox.demo.postgres;

import org.jspecify.annotations.NullMarked;
