package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.Consistency;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What is known of the equality of both sides: what this console compared, and what the databases
/// say that another one compared in this release. Thread-safe.
final class ComparedData {
  private static final Consistency NOT_RUN =
      new Consistency(Consistency.State.NOT_RUN, 0, 0, 0, null, "");

  private static final Pattern STORED =
      Pattern.compile("(\\d{1,9}) (\\d{1,18}) (\\d{4}-\\d\\d-\\d\\d)T(\\d\\d:\\d\\d:\\d\\d)\\S*");

  private final Function<Colour, Seen> sides;
  private volatile Found found = new Found(0, NOT_RUN);

  /// @param release number of the release that it was compared in
  private record Found(long release, Consistency what) {}

  ComparedData(Function<Colour, Seen> sides) {
    this.sides = sides;
  }

  void accept(long release, Consistency what) {
    found = new Found(release, what);
  }

  /// What was compared before holds no longer.
  void forget() {
    found = new Found(0, NOT_RUN);
  }

  /// What holds as far as was last seen.
  ///
  /// @param driving whether this console drives: one that does not is not told when what it found
  ///   holds no longer
  Consistency holding(boolean driving) {
    Found mine = found;
    return driving && release().equals(Long.toString(mine.release))
        ? mine.what
        : stored().orElse(NOT_RUN);
  }

  /// Two databases are not seen to be identical while one of them is not seen.
  Consistency seen(boolean driving) {
    Consistency last = holding(driving);
    for (Colour colour : Colour.values()) {
      Seen side = sides.apply(colour);
      if (last.state() == Consistency.State.IDENTICAL && !side.reachable()) {
        return new Consistency(
            Consistency.State.NOT_RUN,
            0,
            last.tables(),
            last.rows(),
            last.at(),
            "not known now: " + side.problem() + ". Before: " + last.evidence());
      }
    }
    return last;
  }

  private String release() {
    String blue = sides.apply(Colour.BLUE).values().release();
    return blue.isEmpty() ? sides.apply(Colour.GREEN).values().release() : blue;
  }

  /// Not when one side gave the other's writes up since.
  private Optional<Consistency> stored() {
    boolean parted =
        Stream.of(Colour.values()).anyMatch(c -> sides.apply(c).values().givenUp().isPresent());
    return parted
        ? Optional.empty()
        : Stream.of(Colour.values())
            .map(colour -> STORED.matcher(sides.apply(colour).values().compared()))
            .filter(Matcher::matches)
            .findFirst()
            .map(text -> {
              int tables = Integer.parseInt(text.group(1));
              long rows = Long.parseLong(text.group(2));
              String evidence =
                  String.format(
                      Locale.ROOT,
                      "%,d tables with %,d rows were identical on %s at %s UTC",
                      tables,
                      rows,
                      text.group(3),
                      text.group(4));
              return new Consistency(Consistency.State.IDENTICAL, 1, tables, rows, null, evidence);
            });
  }
}
