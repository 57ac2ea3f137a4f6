package dev.signalbox.cluster.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchBuilderTest {
  private static final HexFormat HEX = HexFormat.of();

  /// What stands before and behind the one vector of a chunk: size, list of one struct; constant or
  /// not, zone, format, the ends.
  private static String chunk(
      int rows, int type, String nulls, String data, boolean constant, String zone) {
    String size = "%08x".formatted(rows);
    return "080001"
        + size
        + "0f0002"
        + "0c00000001"
        + "080001"
        + size
        + "080002"
        + "%08x".formatted(type)
        + "0f0003"
        + "02"
        + "%08x".formatted(nulls.length() / 2)
        + nulls
        + "0c0004"
        + data
        + "00"
        + "020005"
        + (constant ? "01" : "00")
        + "0b0006"
        + "%08x".formatted(zone.length() / 2)
        + zone
        + "0b0007"
        + "00000000"
        + "00"
        + "00";
  }

  /// Two rows that differ, then two rows that do not.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          BOOLEAN      | t | f                    | 0c00010f0001020000000201 00 00 | 0c00080200010100
          INTEGER      | 1 | -2                   | 0c00020f0001080000000200000001fffffffe00 | 0c000b0a0001000000000000000100
          LONG         | 1 | -2                   | 0c00030f00010a000000020000000000000001fffffffffffffffe00 | 0c000b0a0001000000000000000100
          DATE         | 1970-01-02 | 1969-12-31  | 0c00040f00010a00000002000000141dd76000ffffffebe228a00000 | 0c00090a0001000000141dd7600000
          FLOAT        | 1.5 | -Infinity          | 0c00050f000104000000023ff8000000000000fff000000000000000 | 0c000c0400013ff800000000000000
          DOUBLE       | 1.5 | -Infinity          | 0c00060f000104000000023ff8000000000000fff000000000000000 | 0c000c0400013ff800000000000000
          STRING       | ä | b                    | 0c00070f00010b0000000200000002c3a4000000016200 | 0c000f0b000100000002c3a400
          BINARY       | \\x01 | b                | 0c00070f00010b00000002000000045c7830310000000162 00 | 0c000f0b0001000000045c78303100
          ARRAY        | {1} | {}                 | 0c00070f00010b00000002000000037b317d000000027b7d00 | 0c000f0b0001000000037b317d00
          MAP          | {} | []                  | 0c00070f00010b00000002000000027b7d000000025b5d00 | 0c000f0b0001000000027b7d00
          STRUCT       | (1) | ()                 | 0c00070f00010b000000020000000328312900000002282900 | 0c000f0b00010000000328312900
          DATETIME     | 1970-01-01 00:00:00.000001 | 1969-12-31 23:59:59.999999 | 0c00100f00010a000000020000000000000001ffffffffffffffff00 | 0c000e0a0001000000000000000100
          TIMESTAMP_TZ | 1970-01-01 00:00:00.000001+00 | 1970-01-01 05:30:00+05:30 | 0c00100f00010a00000002000000000000000100000000000000000f00020b0000000200000003555443000000035554430 0 | 0c000e0a000100000000000000010b00020000000355544300
          """)
  void everyTypeHasItsBytes(
      ResultType type, String first, String second, String list, String constant) {
    ResultColumn column = new ResultColumn("c", type);
    String zone = type == ResultType.TIMESTAMP_TZ ? "555443" : "";
    assertThat(hex(column, first, second))
        .isEqualTo(chunk(2, type.code(), "0000", list.replace(" ", ""), false, zone));
    assertThat(hex(column, first, first))
        .isEqualTo(chunk(2, type.code(), "00", constant, true, zone));
  }

  @Test
  void decimalsHaveOneScaleInABatch() {
    ResultColumn column = new ResultColumn("c", ResultType.DECIMAL128, ResultColumn.FLOATING);
    String tail = "080002" + "00000002" + "00";
    assertThat(hex(column, "1.5", "-0.02"))
        .isEqualTo(
            chunk(
                2,
                16,
                "0000",
                "0c00110f00010b00000002"
                    + "00000010"
                    + "00".repeat(15)
                    + "96"
                    + "00000010"
                    + "ff".repeat(15)
                    + "fe"
                    + tail,
                false,
                ""));
    assertThat(hex(column, "-0.02", "-0.02"))
        .isEqualTo(
            chunk(2, 16, "00", "0c00120b000100000010" + "ff".repeat(15) + "fe" + tail, true, ""));
  }

  @Test
  void nullsHaveAPlaceButNoValue() {
    ResultColumn column = new ResultColumn("c", ResultType.LONG);
    assertThat(hex(column, null, "7"))
        .isEqualTo(
            chunk(
                2,
                6,
                "0100",
                "0c00030f00010a00000002" + "0000000000000000" + "0000000000000007" + "00",
                false,
                ""));
    assertThat(hex(column, null, null))
        .isEqualTo(chunk(2, 6, "01", "0c000b0a0001" + "0000000000000000" + "00", true, ""));
    assertThat(hex(new ResultColumn("c", ResultType.NULL), "", ""))
        .isEqualTo(chunk(2, 14, "01", "0c000a0300010000", true, ""));
    assertThat(hex(new ResultColumn("c", ResultType.NULL), ""))
        .isEqualTo(chunk(1, 14, "01", "0c000a0300010000", false, ""));
  }

  @Test
  void thriftReadsWhatWasWritten() {
    BatchBuilder batch =
        new BatchBuilder(
            List.of(
                new ResultColumn("a", ResultType.LONG),
                new ResultColumn("b", ResultType.STRING),
                new ResultColumn("c", ResultType.DECIMAL128, 2)));
    for (int i = 0; i < 1000; i++) {
      assertThat(batch.add(new String[] {"" + i, "same", i % 2 == 0 ? null : i + ".25"})).isTrue();
    }
    Map<Short, Object> chunk = Thrifts.struct(batch.encode());
    assertThat(chunk.get((short) 1)).isEqualTo(1000);
    List<?> vectors = list(chunk.get((short) 2));
    assertThat(vectors).hasSize(3);
    List<?> longs = list(arm(vectors.get(0), 3).get((short) 1));
    assertThat(longs.get(999)).isEqualTo(999L);
    assertThat(arm(vectors.get(1), 15).get((short) 1))
        .isEqualTo("same".getBytes(StandardCharsets.UTF_8));
    List<?> decimals = list(arm(vectors.get(2), 17).get((short) 1));
    assertThat(new BigDecimal(new BigInteger((byte[]) decimals.get(999)), 2))
        .isEqualTo(new BigDecimal("999.25"));
    List<?> nulls = list(((Map<?, ?>) vectors.get(2)).get((short) 3));
    assertThat(nulls.get(0)).isEqualTo(true);
    assertThat(nulls.get(1)).isEqualTo(false);
    assertThat(batch.bytes()).isBetween(batch.encode().length / 2L, batch.encode().length * 2L);
  }

  private static List<?> list(@Nullable Object value) {
    return (List<?>) Objects.requireNonNull(value);
  }

  private static Map<?, ?> arm(Object vector, int id) {
    Map<?, ?> data = (Map<?, ?>) Objects.requireNonNull(((Map<?, ?>) vector).get((short) 4));
    assertThat(data).hasSize(1);
    return (Map<?, ?>) Objects.requireNonNull(data.get((short) id));
  }

  @Test
  void aDecimalThatCannotShareTheScaleBeginsTheNextBatch() {
    BatchBuilder batch =
        new BatchBuilder(
            List.of(new ResultColumn("c", ResultType.DECIMAL128, ResultColumn.FLOATING)));
    assertThat(batch.add(new String[] {"1" + "0".repeat(30)})).isTrue();
    assertThat(batch.add(new String[] {"0.000001"})).isTrue();
    assertThat(batch.add(new String[] {"0.0000001"})).isFalse();
    assertThat(batch.rows()).isEqualTo(2);
  }

  @Test
  void smallFractionsShareABatch() {
    BatchBuilder batch =
        new BatchBuilder(
            List.of(new ResultColumn("c", ResultType.DECIMAL128, ResultColumn.FLOATING)));
    assertThat(batch.add(new String[] {"0." + "0".repeat(50) + "1"})).isTrue();
    assertThat(batch.add(new String[] {"0." + "0".repeat(50) + "2"})).isTrue();
  }

  @Test
  void whatADecimalCannotCarryIsSaid() {
    BatchBuilder batch =
        new BatchBuilder(
            List.of(new ResultColumn("sum", ResultType.DECIMAL128, ResultColumn.FLOATING)));
    for (String text : new String[] {"NaN", "Infinity", "-Infinity", "1" + "0".repeat(37)}) {
      assertThatThrownBy(() -> batch.add(new String[] {text}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'sum'")
          .hasMessageContaining("Cast the column");
    }
    assertThat(batch.rows()).isZero();
  }

  /// Existing connectors take 16 bytes that read as a number for text.
  @Test
  void noDecimalLooksLikeText() {
    for (String text : new String[] {"9".repeat(37), "-" + "9".repeat(37)}) {
      byte[] bytes = Values.int128(new BigInteger(text));
      assertThat(bytes[0] & 0xff)
          .satisfiesAnyOf(
              b -> assertThat(b).isLessThan(9), b -> assertThat(b).isGreaterThanOrEqualTo(0xf8));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          infinity                      | 9223372036854775807
          -infinity                     | -9223372036854775808
          294276-12-31 23:59:59.999999  | 9223372036854775807
          294246-01-01 00:00:00         | 9223339708800000000
          0001-01-01 00:00:00           | -62135596800000000
          0001-01-01 00:00:00 BC        | -62167219200000000
          4714-11-24 00:00:00 BC        | -210866803200000000
          2023-11-14 22:13:20.1         | 1700000000100000
          2023-11-14 22:13:20.123456+05:30 | 1699980200123456
          2023-11-14 22:13:20-08        | 1700028800000000
          1883-01-01 00:00:00+00:19:32  | -2745447572000000
          """)
  void timestampsAreMicroseconds(String text, long micros) {
    assertThat(Values.timestamp(text)).isEqualTo(micros);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2023-11-14    | 1699920000000000
          0044-03-15 BC | -63517824000000000
          5874897-12-31 | 9223372036854775807
          infinity      | 9223372036854775807
          """)
  void datesAreMicroseconds(String text, long micros) {
    assertThat(Values.date(text)).isEqualTo(micros);
  }

  @Test
  void metadataHasItsBytes() {
    byte[] bytes =
        MetadataEncoder.encode(
            3,
            List.of(
                new ResultColumn("ä😀", ResultType.LONG),
                new ResultColumn("t", ResultType.TIMESTAMP_TZ)));
    assertThat(HEX.formatHex(bytes))
        .isEqualTo(
            "0000000000000003"
                + "00000002"
                + "0006"
                + "c3a4f09f9880"
                + "0004"
                + "4c4f4e47"
                + "0000"
                + "0000"
                + "0001"
                + "74"
                + "000c"
                + "54494d455354414d505f545a"
                + "0003"
                + "555443"
                + "0000");
    assertThat(HEX.formatHex(MetadataEncoder.encode(MetadataEncoder.UNKNOWN, List.of())))
        .isEqualTo("ffffffffffffffff00000000");
  }

  private static String hex(ResultColumn column, @Nullable String... rows) {
    BatchBuilder batch = new BatchBuilder(List.of(column));
    for (String row : rows) {
      assertThat(batch.add(new @Nullable String[] {row})).isTrue();
    }
    byte[] bytes = batch.encode();
    assertThat(Thrifts.struct(bytes)).hasSize(2);
    return HEX.formatHex(bytes);
  }
}
