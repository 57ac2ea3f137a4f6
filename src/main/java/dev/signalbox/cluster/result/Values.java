package dev.signalbox.cluster.result;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;

/// Reads the text that PostgreSQL writes for a value, with `DateStyle` ISO.
final class Values {
  /// The zone in which every TIMESTAMP_TZ is sent; the session runs in it.
  static final String ZONE = "UTC";

  /// More digits would fit into 128 bits, but existing connectors take 16 bytes that read as a
  /// number in UTF-8 for text. With up to 37 digits the first byte is never a printable character,
  /// a space, or the beginning of one.
  static final int MOST_DIGITS = 37;

  /// More digits behind the point than PostgreSQL has.
  static final int MOST_FRACTION = 1 << 20;

  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long SECONDS_PER_DAY = 86_400;

  private Values() {}

  /// A value as the vector of its column keeps it: Boolean, Integer, Long, Double, BigDecimal, or
  /// the bytes of a text.
  ///
  /// @throws IllegalArgumentException with a sentence, when the type cannot carry it
  static Object read(ResultColumn column, String text) {
    return switch (column.type()) {
      case BOOLEAN -> text.equals("t");
      case INTEGER -> Integer.valueOf(text);
      case LONG -> Long.valueOf(text);
      case FLOAT, DOUBLE -> Double.valueOf(text);
      case DECIMAL128 -> decimal(column, text);
      case DATE -> date(text);
      case DATETIME, TIMESTAMP_TZ -> timestamp(text);
      case STRING, BINARY, ARRAY, MAP, STRUCT, NULL -> text.getBytes(StandardCharsets.UTF_8);
    };
  }

  private static BigDecimal decimal(ResultColumn column, String text) {
    boolean number = !text.equals("NaN") && !text.endsWith("Infinity");
    BigDecimal value = number ? new BigDecimal(text) : BigDecimal.ZERO;
    if (value.scale() < 0) {
      value = value.setScale(0);
    }
    if (!number || !fits(value.unscaledValue())) {
      throw new IllegalArgumentException(
          "The column '"
              + column.name()
              + "' has the value "
              + (text.length() > 60 ? text.substring(0, 60) + "…" : text)
              + ", which DECIMAL128 cannot carry (finite, at most "
              + MOST_DIGITS
              + " digits). Cast the column to text or double precision.");
    }
    return value;
  }

  private static final BigInteger BOUND = BigInteger.TEN.pow(MOST_DIGITS);

  static boolean fits(BigInteger unscaled) {
    return unscaled.abs().compareTo(BOUND) < 0;
  }

  /// 16 bytes, big endian, two's complement.
  static byte[] int128(BigInteger value) {
    byte[] significant = value.toByteArray();
    byte[] bytes = new byte[16];
    if (value.signum() < 0) {
      java.util.Arrays.fill(bytes, (byte) -1);
    }
    System.arraycopy(significant, 0, bytes, 16 - significant.length, significant.length);
    return bytes;
  }

  /// Microseconds since 1970. `infinity` and what lies beyond 64 bits is the largest or smallest
  /// number, as it is inside PostgreSQL.
  static long date(String text) {
    long infinite = infinite(text);
    return infinite == 0
        ? micros(
            epochDay(text.endsWith(" BC") ? text.substring(0, text.length() - 3) : text, text),
            0,
            0)
        : infinite;
  }

  static long timestamp(String text) {
    long infinite = infinite(text);
    if (infinite != 0) {
      return infinite;
    }
    int space = text.indexOf(' ');
    int at = space + 1;
    long second =
        number(text, at, at + 2) * 3600
            + number(text, at + 3, at + 5) * 60
            + number(text, at + 6, at + 8);
    at += 8;
    long micro = 0;
    if (at < text.length() && text.charAt(at) == '.') {
      int end = at + 1;
      for (long weight = 100_000; end < text.length() && isDigit(text.charAt(end)); end++) {
        micro += weight * (text.charAt(end) - '0');
        weight /= 10;
      }
      at = end;
    }
    if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
      int sign = text.charAt(at) == '-' ? 1 : -1;
      long unit = 3600;
      for (at++; at + 2 <= text.length() && isDigit(text.charAt(at)); at += 3) {
        second += sign * unit * number(text, at, at + 2);
        unit /= 60;
      }
    }
    return micros(epochDay(text.substring(0, space), text), second, micro);
  }

  private static long infinite(String text) {
    return switch (text) {
      case "infinity" -> Long.MAX_VALUE;
      case "-infinity" -> Long.MIN_VALUE;
      default -> 0;
    };
  }

  /// @param whole ends with ` BC` for years before 1
  private static long epochDay(String date, String whole) {
    int day = date.lastIndexOf('-');
    int month = date.lastIndexOf('-', day - 1);
    int year = (int) number(date, 0, month);
    try {
      return LocalDate.of(
              whole.endsWith(" BC") ? 1 - year : year,
              (int) number(date, month + 1, day),
              (int) number(date, day + 1, date.length()))
          .toEpochDay();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("The value '" + whole + "' is not a date.", e);
    }
  }

  private static long micros(long day, long second, long micro) {
    long seconds = day * SECONDS_PER_DAY + second;
    try {
      return Math.addExact(Math.multiplyExact(seconds, MICROS_PER_SECOND), micro);
    } catch (ArithmeticException e) {
      return seconds < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static long number(String text, int from, int to) {
    return Long.parseLong(text, from, to, 10);
  }
}
