/// Benchmarks: `.ci/bench` runs them. Each measures against a baseline in the same run.
@NullMarked
package dev.signalbox.bench;

import org.jspecify.annotations.NullMarked;
