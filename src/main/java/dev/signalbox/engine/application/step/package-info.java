/// What the application plane does in a release, one step a file. Every step looks at the world
/// before it believes anything, so that it can be repeated, and taken back by another process.
@NullMarked
package dev.signalbox.engine.application.step;

import org.jspecify.annotations.NullMarked;
