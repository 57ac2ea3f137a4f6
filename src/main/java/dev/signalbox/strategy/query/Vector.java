package dev.signalbox.strategy.query;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The values of one column in one batch. Values are made when they are asked for, so that a batch
/// takes little more memory than its bytes, and a constant of a billion rows takes none.
///
/// @param nulls not zero where a row is null; empty when none is
/// @param values by row; only asked where a row is not null
@SuppressWarnings("ArrayRecordComponent") // Never leaves this package, and nobody writes to it.
record Vector(int size, boolean constant, byte[] nulls, IntFunction<Object> values) {
  @Nullable Object value(int row) {
    int at = constant ? 0 : row;
    return nulls.length > 0 && nulls[at] != 0 ? null : values.apply(at);
  }
}
