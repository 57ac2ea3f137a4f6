package dev.signalbox.engine.database.schema;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// The statements that create a schema, in stages: those of one stage need only earlier stages or
/// each other.
///
/// @param schemas themselves
/// @param first what rows are stored in, and the keys by which changes find them
/// @param later what is built faster and without harm when the rows are there: other constraints,
///   indexes, foreign keys, triggers, row security
record SchemaScript(List<String> schemas, List<List<String>> first, List<List<String>> later) {
  SchemaScript {
    schemas = List.copyOf(schemas);
    first = first.stream().map(List::copyOf).toList();
    later = later.stream().map(List::copyOf).toList();
  }

  /// All of them, for a digest.
  List<String> all() {
    return Stream.of(Stream.of(schemas), first.stream(), later.stream())
        .flatMap(Function.identity())
        .flatMap(List::stream)
        .toList();
  }

  List<String> afterwards() {
    return later.stream().flatMap(List::stream).toList();
  }
}
