/// What is so and what is legal, without threads, clocks or input: the state of a release, folded
/// from its journal ([ReleaseState]), and what an operator may do ([Levers]).
@NullMarked
package dev.signalbox.engine.release.model;

import org.jspecify.annotations.NullMarked;
