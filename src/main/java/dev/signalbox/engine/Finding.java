package dev.signalbox.engine;

/// Something about the databases that a release has to know before it begins.
///
/// @param blocks whether the release must not go on; otherwise it is only said
/// @param where the side whose database it is about
/// @param sentence what, where, and what it means; ends with a colon when the remedy is one of
///   several
/// @param remedy statements to copy, to be run on that side; empty when the sentence says what to
///   do
public record Finding(boolean blocks, Colour where, String sentence, String remedy) {
  public static Finding block(Colour where, String sentence, String remedy) {
    return new Finding(true, where, sentence, remedy);
  }

  public static Finding warn(Colour where, String sentence, String remedy) {
    return new Finding(false, where, sentence, remedy);
  }

  /// In one line.
  @Override
  public String toString() {
    if (remedy.isEmpty()) {
      return sentence;
    }
    return sentence.endsWith(":")
        ? sentence.substring(0, sentence.length() - 1) + " run on " + where + ": " + remedy
        : sentence + " Run on " + where + ": " + remedy;
  }
}
