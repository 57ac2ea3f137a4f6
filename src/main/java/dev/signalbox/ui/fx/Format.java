package dev.signalbox.ui.fx;

import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.SizeText;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Numbers with their units, always in the same shape so that columns of them can be compared.
public final class Format {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

  private Format() {}

  /// `12,104,221`.
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /// `4.1 kB`, `31.4 MB`; `–` for a negative, which means unknown.
  public static String bytes(double value) {
    return value >= 0 ? SizeText.words((long) value) : "–";
  }

  /// `0.4 ms`, `4 ms`, `38 ms`, `1.9 s`, `42 s`, `6 m 12 s`, `3 h 05 m`, `4 d 03 h`.
  public static String duration(Duration value) {
    return DurationText.words(value);
  }

  /// As [#bytes(double)], from a whole number.
  public static String bytes(long value) {
    return bytes((double) value);
  }

  /// As [#duration], from milliseconds.
  public static String millis(double value) {
    return duration(Duration.ofNanos((long) (value * 1e6)));
  }

  /// `100 %`, from a share of 1.
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", share * 100);
  }

  /// `0.00 %`, from a share of 1.
  public static String finePercent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", share * 100);
  }

  /// `512 /s`; one decimal below ten.
  public static String rate(double perSecond) {
    String pattern = perSecond > 0 && perSecond < 9.95 ? "%.1f /s" : "%,.0f /s";
    return String.format(Locale.ROOT, pattern, perSecond);
  }

  /// `14:32:07` in UTC.
  public static String utc(Instant at) {
    return TIME.format(at.atOffset(ZoneOffset.UTC));
  }

  /// `14:32` in UTC.
  public static String utcMinute(Instant at) {
    return MINUTE.format(at.atOffset(ZoneOffset.UTC));
  }

  /// `16:32 CEST`, where this window stands.
  public static String local(Instant at, ZoneId zone) {
    return DateTimeFormatter.ofPattern("HH:mm zzz", Locale.ENGLISH).format(at.atZone(zone));
  }
}
