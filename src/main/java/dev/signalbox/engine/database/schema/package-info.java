/// Carries the schema from one server to the other, from the catalogue alone, and proves by a
/// digest that both are equal.
@NullMarked
package dev.signalbox.engine.database.schema;

import org.jspecify.annotations.NullMarked;
