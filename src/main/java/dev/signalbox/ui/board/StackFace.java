package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One stack's card, ready to be shown.
///
/// @param live null while it is not known which stack is
/// @param badge `LIVE · READ-WRITE`
/// @param application and database: why that part is empty or old; empty when it is neither
record StackFace(
    Colour colour,
    String version,
    @Nullable Boolean live,
    String badge,
    List<Figure> figures,
    List<Row> endpoints,
    List<Row> server,
    List<Row> tables,
    String application,
    boolean applicationStale,
    String database,
    boolean databaseStale) {
  /// A number in the head of the card.
  record Figure(String label, String value, Sign sign) {}

  /// A line of the card.
  ///
  /// @param word said with the sign, for example `healthy`; may be empty
  /// @param note a sentence under the line; empty for most
  /// @param hint for the tooltip
  record Row(
      String label, @Nullable Sign sign, String word, String value, String note, String hint) {}

  /// As copied to the clipboard.
  String asText() {
    List<String> lines = new ArrayList<>();
    lines.add(Words.colour(colour) + " " + badge + " " + version);
    for (Figure figure : figures) {
      lines.add(figure.label() + "\t" + figure.value());
    }
    for (String sentence : List.of(application, database)) {
      if (!sentence.isEmpty()) {
        lines.add(sentence);
      }
    }
    for (List<Row> rows : List.of(endpoints, server, tables)) {
      for (Row row : rows) {
        lines.add(
            Stream.of(row.label(), row.word(), row.value(), row.note())
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining("\t")));
      }
    }
    return String.join("\n", lines);
  }
}
