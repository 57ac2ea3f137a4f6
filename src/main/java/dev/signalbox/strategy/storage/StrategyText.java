package dev.signalbox.strategy.storage;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.StateValidation;
import dev.signalbox.strategy.StoredStrategy;
import dev.signalbox.strategy.Strategy;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// What stands in the shared file. ASCII, so that a person can read it:
///
/// ```
/// signalbox-strategy 1 <highest version>
/// <target>\t<cluster>\t<active or ->\t<pending or ->\t<detected at>\t<version>
/// end <lines> <CRC-32C of all before, hexadecimal>
/// ```
///
/// Target and cluster are percent-encoded. No state.
final class StrategyText {
  /// A hundred clusters with the longest names that are shared.
  static final int MAX_BYTES = 1 << 20;

  /// A cluster with a longer name is not shared; a host name has 253 characters at most.
  private static final int MAX_NAME = 1_000;

  private static final int FORMAT = 1;
  private static final String MAGIC = "signalbox-strategy ";
  private static final Pattern HEADER = Pattern.compile(MAGIC + "1 (\\d{1,15})");
  private static final Pattern OTHER_FORMAT = Pattern.compile(MAGIC + "(\\d{1,9})\\b.*");
  private static final Pattern END = Pattern.compile("end (\\d{1,9}) ([0-9a-f]{8})");
  private static final Pattern LINE =
      Pattern.compile(
          "([^\t]+)\t([^\t]*)\t(blue|green|-)\t(blue|green|-)\t(-?\\d{1,15})\t(-?\\d{1,15})");

  private StrategyText() {}

  /// What the bytes turned out to be.
  sealed interface Content {}

  /// @param corrections sentences by cluster
  record Good(Remembered remembered, Map<ClusterKey, List<String>> corrections)
      implements Content {}

  /// Cut off, changed, or not ours.
  record Damaged(String reason) implements Content {}

  /// Written by a later version of this library, which still uses it.
  record Newer(int format) implements Content {}

  static byte[] encode(Remembered remembered) {
    StringBuilder text = new StringBuilder(MAGIC + FORMAT + " " + remembered.highest() + "\n");
    int lines = 0;
    for (Map.Entry<ClusterKey, StoredStrategy> entry : remembered.clusters().entrySet()) {
      ClusterKey key = entry.getKey();
      StoredStrategy state = entry.getValue();
      if (key.target().length() + key.cluster().length() <= MAX_NAME) {
        lines++;
        text.append(URLEncoder.encode(key.target(), StandardCharsets.UTF_8))
            .append('\t')
            .append(URLEncoder.encode(key.cluster(), StandardCharsets.UTF_8))
            .append('\t')
            .append(state.active() == null ? "-" : state.active().wire())
            .append('\t')
            .append(state.pending() == null ? "-" : state.pending().wire())
            .append('\t')
            .append(state.detectedAt())
            .append('\t')
            .append(state.version())
            .append('\n');
      }
    }
    String sum = sum(text.toString().getBytes(StandardCharsets.US_ASCII));
    text.append("end ").append(lines).append(' ').append(sum).append('\n');
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /// @param now milliseconds since 1970
  static Content decode(byte[] bytes, long now) {
    if (bytes.length > MAX_BYTES) {
      return new Damaged("it is longer than " + MAX_BYTES + " bytes");
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int firstEnd = text.indexOf('\n');
    String first = firstEnd < 0 ? text : text.substring(0, firstEnd);
    Matcher other = OTHER_FORMAT.matcher(first);
    if (other.matches() && Integer.parseInt(other.group(1)) > FORMAT) {
      return new Newer(Integer.parseInt(other.group(1)));
    }
    Matcher header = HEADER.matcher(first);
    if (!header.matches()) {
      return new Damaged("it does not begin with '" + MAGIC + FORMAT + "'");
    }
    int lastBegin = text.lastIndexOf('\n', text.length() - 2) + 1;
    Matcher end = END.matcher(text.substring(lastBegin).stripTrailing());
    if (!text.endsWith("\n") || !end.matches()) {
      return new Damaged("its end is missing");
    }
    String before = text.substring(0, lastBegin);
    if (!sum(before.getBytes(StandardCharsets.ISO_8859_1)).equals(end.group(2))) {
      return new Damaged("its checksum is wrong");
    }
    String[] lines = before.split("\n");
    if (lines.length - 1 != Integer.parseInt(end.group(1))) {
      return new Damaged("it has another number of lines than it says");
    }
    return lines(lines, Long.parseLong(header.group(1)), now);
  }

  private static Content lines(String[] lines, long highest, long now) {
    Map<ClusterKey, StoredStrategy> clusters = new LinkedHashMap<>();
    Map<ClusterKey, List<String>> corrections = new LinkedHashMap<>();
    for (int i = Math.max(1, lines.length - Remembered.MAX_CLUSTERS); i < lines.length; i++) {
      Matcher line = LINE.matcher(lines[i]);
      ClusterKey key = line.matches() ? key(line.group(1), line.group(2)) : null;
      if (key == null) {
        return new Damaged("line " + (i + 1) + " cannot be read");
      }
      StateValidation checked =
          StateValidation.of(
              Strategy.parse(line.group(3)).orElse(null),
              Strategy.parse(line.group(4)).orElse(null),
              Math.max(0, Long.parseLong(line.group(5))),
              Long.parseLong(line.group(6)),
              now);
      clusters.put(key, checked.state());
      highest = Math.max(highest, checked.state().version());
      if (!checked.valid()) {
        corrections.put(key, checked.corrections());
      }
    }
    return new Good(new Remembered(clusters, highest), corrections);
  }

  private static @Nullable ClusterKey key(String target, String cluster) {
    try {
      return new ClusterKey(
          URLDecoder.decode(target, StandardCharsets.UTF_8),
          URLDecoder.decode(cluster, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String sum(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    return "%08x".formatted(sum.getValue());
  }
}
