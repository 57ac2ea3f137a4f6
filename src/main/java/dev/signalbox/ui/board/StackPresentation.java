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
/// @param application null when the environment has none
/// @param databases the one in the worst state first, and the tables of several last; of a query
///   cluster alone, its engine
record StackPresentation(
    Colour colour,
    String version,
    @Nullable Boolean live,
    String badge,
    List<Figure> figures,
    @Nullable Part application,
    List<Part> databases) {
  /// A number in the head of the card.
  record Figure(String label, String value, Sign sign) {}

  /// One plane's part of the card.
  ///
  /// @param name of one of several databases; empty for what is there only once
  /// @param sentence why it is empty or old; empty when it is neither
  record Part(String name, String sentence, boolean stale, List<Row> rows, List<Row> tables) {
    static final Part NONE = new Part("", "", false, List.of(), List.of());
  }

  /// A line of the card.
  ///
  /// @param word said with the sign, for example `healthy`; may be empty
  /// @param note a sentence under the line; empty for most
  /// @param hint for the tooltip
  record Row(
      String label, @Nullable Sign sign, String word, String value, String note, String hint) {
    private String asText() {
      return Stream.of(label, word, value, note)
          .filter(each -> !each.isEmpty())
          .collect(Collectors.joining("\t"));
    }
  }

  /// As copied to the clipboard.
  String asText() {
    List<String> lines = new ArrayList<>();
    lines.add(Words.colour(colour) + " " + badge + " " + version);
    figures.forEach(figure -> lines.add(figure.label() + "\t" + figure.value()));
    for (Part part : parts()) {
      lines.add(part.name());
      lines.add(part.sentence());
      part.rows().forEach(row -> lines.add(row.asText()));
      part.tables().forEach(row -> lines.add(row.asText()));
    }
    lines.removeIf(String::isEmpty);
    return String.join("\n", lines);
  }

  private List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    if (application != null) {
      parts.add(application);
    }
    parts.addAll(databases);
    return parts;
  }
}
