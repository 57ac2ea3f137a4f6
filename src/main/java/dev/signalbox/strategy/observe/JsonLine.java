package dev.signalbox.strategy.observe;

import java.math.BigDecimal;
import java.time.Duration;

/// Builds one JSON object on one line. The library stands alone, so it has no JSON library. One
/// use, one thread.
final class JsonLine {
  private final StringBuilder text = new StringBuilder("{");

  JsonLine put(String name, String value) {
    name(name);
    quoted(value);
    return this;
  }

  JsonLine put(String name, long value) {
    name(name);
    text.append(value);
    return this;
  }

  /// Milliseconds with three decimals.
  JsonLine millis(String name, Duration value) {
    name(name);
    text.append(
        BigDecimal.valueOf(value.toNanos() / 1_000, 3).stripTrailingZeros().toPlainString());
    return this;
  }

  /// The object with its line end.
  String end() {
    return text.append("}\n").toString();
  }

  private void name(String name) {
    if (text.length() > 1) {
      text.append(',');
    }
    quoted(name);
    text.append(':');
  }

  private void quoted(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char sign = value.charAt(i);
      switch (sign) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\t' -> text.append("\\t");
        default -> {
          boolean pair =
              Character.isHighSurrogate(sign)
                  && i + 1 < value.length()
                  && Character.isLowSurrogate(value.charAt(i + 1));
          if (pair) {
            text.append(sign).append(value.charAt(++i));
          } else if (sign < ' ' || sign == '\u007f' || Character.isSurrogate(sign)) {
            // Half a pair cannot be written in UTF-8.
            text.append("\\u%04x".formatted((int) sign));
          } else {
            text.append(sign);
          }
        }
      }
    }
    text.append('"');
  }
}
