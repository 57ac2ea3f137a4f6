package dev.signalbox.strategy.query;

import dev.signalbox.strategy.query.ThriftReader.Binaries;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Makes Java values of a vector's data.
///
/// @param arm which of the forms of `Data` it came in
/// @param data a list, or one value in the constant form
/// @param extra zones or the scale
record VectorValues(
    VectorType type, boolean constant, int arm, @Nullable Object data, @Nullable Object extra) {
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final int DECIMAL_BYTES = 16;
  private static final int LONGEST_DECIMAL = 64;
  private static final int MOST_DIGITS = 1_000;

  /// @param stored how many values there must be
  /// @throws MalformedAnswerException when the form does not fit the type, or is too short
  IntFunction<Object> checked(int stored) {
    IntFunction<Object> values = constant ? single() : list(stored);
    if (values == null) {
      throw new MalformedAnswerException(
          "a vector of type %s has its data in form %d%s."
              .formatted(type, arm, constant ? ", though it is constant" : ""));
    }
    return values;
  }

  private @Nullable IntFunction<Object> list(int stored) {
    if (VectorReader.length(data) < stored
        || (type == VectorType.TIMESTAMP_TZ && VectorReader.length(extra) < stored)) {
      throw new MalformedAnswerException(
          "a vector of type %s and %d rows has only %d values."
              .formatted(type, stored, VectorReader.length(data)));
    }
    return switch (type) {
      case BOOLEAN -> arm == 1 && data instanceof byte[] all ? row -> all[row] != 0 : null;
      case INTEGER -> arm == 2 && data instanceof int[] all ? row -> all[row] : null;
      case LONG -> arm == 3 && data instanceof long[] all ? row -> all[row] : null;
      case DATE -> arm == 4 && data instanceof long[] all ? row -> date(all[row]) : null;
      case FLOAT -> arm == 5 && data instanceof double[] all ? row -> (float) all[row] : null;
      case DOUBLE -> arm == 6 && data instanceof double[] all ? row -> all[row] : null;
      case STRING, BINARY, ARRAY, MAP, STRUCT ->
          arm == 7 && data instanceof Binaries all ? row -> text(all.get(row)) : null;
      case DATETIME -> arm == 16 && data instanceof long[] all ? row -> time(all[row]) : null;
      case TIMESTAMP_TZ ->
          arm == 16 && data instanceof long[] all && extra instanceof Binaries zones
              ? row -> zoned(all[row], zones.get(row))
              : null;
      case DECIMAL128 ->
          arm == 17 && data instanceof Binaries all ? row -> decimal(all.get(row)) : null;
      case INT96, TIMESTAMP, NULL -> null;
    };
  }

  private @Nullable IntFunction<Object> single() {
    return switch (type) {
      case BOOLEAN -> arm == 8 && data instanceof Boolean one ? _ -> one : null;
      case INTEGER -> arm == 11 && data instanceof Long one ? _ -> integer(one) : null;
      case LONG -> arm == 11 && data instanceof Long one ? _ -> one : null;
      case DATE -> arm == 9 && data instanceof Long one ? _ -> date(one) : null;
      case FLOAT -> arm == 12 && data instanceof Double one ? _ -> one.floatValue() : null;
      case DOUBLE -> arm == 12 && data instanceof Double one ? _ -> one : null;
      case STRING, BINARY, ARRAY, MAP, STRUCT ->
          arm == 15 && data instanceof ByteBuffer one ? _ -> text(one) : null;
      case DATETIME -> arm == 14 && data instanceof Long one ? _ -> time(one) : null;
      case TIMESTAMP_TZ ->
          arm == 14 && data instanceof Long one && extra instanceof ByteBuffer zone
              ? _ -> zoned(one, zone)
              : null;
      case DECIMAL128 -> arm == 18 && data instanceof ByteBuffer one ? _ -> decimal(one) : null;
      case INT96, TIMESTAMP, NULL -> null;
    };
  }

  private static int integer(long value) {
    if (value != (int) value) {
      throw new MalformedAnswerException("an INTEGER has the value " + value + ".");
    }
    return (int) value;
  }

  private static LocalDate date(long micros) {
    return LocalDate.ofEpochDay(Math.floorDiv(micros, MICROS_PER_DAY));
  }

  private static Instant time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static ZonedDateTime zoned(long micros, ByteBuffer zone) {
    String name = text(zone);
    try {
      return time(micros).atZone(ZoneId.of(name));
    } catch (DateTimeException e) {
      throw new MalformedAnswerException("a time has a zone that does not exist.", e);
    }
  }

  private static String text(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedAnswerException("a text is not UTF-8.", e);
    }
  }

  /// Sixteen bytes are the unscaled number; anything else is its text.
  private BigDecimal decimal(ByteBuffer bytes) {
    if (bytes.remaining() == DECIMAL_BYTES) {
      int scale = extra instanceof Integer given ? given : 0;
      if (Math.abs((long) scale) > MOST_DIGITS) {
        throw new MalformedAnswerException("a decimal has the scale " + scale + ".");
      }
      byte[] unscaled = new byte[DECIMAL_BYTES];
      bytes.duplicate().get(unscaled);
      return new BigDecimal(new BigInteger(unscaled), scale);
    }
    String text = bytes.remaining() > LONGEST_DECIMAL ? "" : text(bytes);
    // No exponents: a short text could stand for a number of a billion digits.
    if (!text.matches("[+-]?\\d+(\\.\\d*)?")) {
      throw new MalformedAnswerException("a decimal of " + bytes.remaining() + " bytes is none.");
    }
    return new BigDecimal(text);
  }
}
