package dev.signalbox.strategy.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.signalbox.strategy.ChunkWriter;
import dev.signalbox.strategy.ChunkWriter.Part;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static final long MOMENT = 1_700_000_000_123_000L;
  private static final boolean[] BOTH_THERE = {false, false};

  private static Batch list(int type, int arm, Part data) {
    return Batch.read(
        ChunkWriter.chunk(2, List.of(ChunkWriter.vector(2, type, BOTH_THERE, arm, false, data))),
        1);
  }

  private static @Nullable Object constant(int type, int arm, Part data) {
    Batch batch =
        Batch.read(
            ChunkWriter.chunk(
                5, List.of(ChunkWriter.vector(5, type, new boolean[1], arm, true, data))),
            1);
    assertThat(batch.rowCount()).isEqualTo(5);
    assertThat(batch.value(4, 0)).isEqualTo(batch.value(0, 0));
    return batch.value(4, 0);
  }

  private static void values(Batch batch, Object first, Object second) {
    assertThat(batch.value(0, 0)).isEqualTo(first);
    assertThat(batch.value(1, 0)).isEqualTo(second);
  }

  private static Part bools() {
    return out -> {
      ChunkWriter.field(out, 15, 1);
      out.writeByte(2);
      out.writeInt(2);
      out.writeBoolean(true);
      out.writeBoolean(false);
    };
  }

  private static Part ints() {
    return out -> {
      ChunkWriter.field(out, 15, 1);
      out.writeByte(8);
      out.writeInt(2);
      out.writeInt(7);
      out.writeInt(-7);
    };
  }

  private static Part doubles() {
    return out -> {
      ChunkWriter.field(out, 15, 1);
      out.writeByte(4);
      out.writeInt(2);
      out.writeDouble(0.5);
      out.writeDouble(-2.25);
    };
  }

  private static byte[] int128(String unscaled) {
    byte[] number = new BigInteger(unscaled).toByteArray();
    byte[] all = new byte[16];
    java.util.Arrays.fill(all, number[0] < 0 ? (byte) -1 : 0);
    System.arraycopy(number, 0, all, 16 - number.length, number.length);
    return all;
  }

  @Test
  void readsEachListForm() {
    values(list(1, 1, bools()), true, false);
    values(list(5, 2, ints()), 7, -7);
    values(list(6, 3, ChunkWriter.longs(1L << 40, -1)), 1L << 40, -1L);
    values(
        list(8, 4, ChunkWriter.longs(MOMENT, -1)),
        LocalDate.of(2023, 11, 14),
        LocalDate.of(1969, 12, 31));
    values(list(3, 5, doubles()), 0.5f, -2.25f);
    values(list(2, 6, doubles()), 0.5, -2.25);
    for (int type : new int[] {0, 7, 11, 12, 13}) {
      values(list(type, 7, ChunkWriter.texts("a", "Grüße 😀")), "a", "Grüße 😀");
    }
    values(
        list(9, 16, ChunkWriter.longs(MOMENT, 0)),
        Instant.parse("2023-11-14T22:13:20.123Z"),
        Instant.EPOCH);
    Part zoned =
        out -> {
          ChunkWriter.longs(MOMENT, 0).to(out);
          ChunkWriter.field(out, 15, 2);
          out.writeByte(11);
          out.writeInt(2);
          ChunkWriter.text(out, "+05:30");
          ChunkWriter.text(out, "UTC");
        };
    values(
        list(15, 16, zoned),
        ZonedDateTime.of(2023, 11, 15, 3, 43, 20, 123_000_000, ZoneOffset.ofHoursMinutes(5, 30)),
        Instant.EPOCH.atZone(ZoneId.of("UTC")));
  }

  @Test
  void readsDecimals() {
    Part list =
        out -> {
          ChunkWriter.field(out, 15, 1);
          out.writeByte(11);
          out.writeInt(2);
          out.writeInt(16);
          out.write(int128("-12345678901234567890123"));
          ChunkWriter.text(out, "3.50");
          ChunkWriter.field(out, 8, 2);
          out.writeInt(4);
        };
    values(list(16, 17, list), new BigDecimal("-1234567890123456789.0123"), new BigDecimal("3.50"));
    Part one =
        out -> {
          ChunkWriter.field(out, 11, 1);
          out.writeInt(16);
          out.write(int128("995"));
          ChunkWriter.field(out, 8, 2);
          out.writeInt(2);
        };
    assertThat(constant(16, 18, one)).isEqualTo(new BigDecimal("9.95"));
    Part huge =
        out -> {
          ChunkWriter.field(out, 11, 1);
          ChunkWriter.text(out, "1e999999999");
        };
    assertThatExceptionOfType(MalformedAnswerException.class)
        .isThrownBy(() -> constant(16, 18, huge));
  }

  @Test
  void readsEachConstantForm() {
    Part yes =
        out -> {
          ChunkWriter.field(out, 2, 1);
          out.writeBoolean(true);
        };
    Part half =
        out -> {
          ChunkWriter.field(out, 4, 1);
          out.writeDouble(0.5);
        };
    Part text =
        out -> {
          ChunkWriter.field(out, 11, 1);
          ChunkWriter.text(out, "same");
        };
    Part zoned =
        out -> {
          whole(MOMENT).to(out);
          ChunkWriter.field(out, 11, 2);
          ChunkWriter.text(out, "UTC");
        };
    assertThat(constant(1, 8, yes)).isEqualTo(true);
    assertThat(constant(5, 11, whole(42))).isEqualTo(42);
    assertThat(constant(6, 11, whole(42))).isEqualTo(42L);
    assertThat(constant(8, 9, whole(MOMENT))).isEqualTo(LocalDate.of(2023, 11, 14));
    assertThat(constant(9, 14, whole(0))).isEqualTo(Instant.EPOCH);
    assertThat(constant(15, 14, zoned))
        .isEqualTo(Instant.parse("2023-11-14T22:13:20.123Z").atZone(ZoneId.of("UTC")));
    assertThat(constant(3, 12, half)).isEqualTo(0.5f);
    assertThat(constant(2, 12, half)).isEqualTo(0.5);
    assertThat(constant(7, 15, text)).isEqualTo("same");
    assertThatExceptionOfType(MalformedAnswerException.class)
        .isThrownBy(() -> constant(5, 11, whole(1L << 40)));
  }

  private static Part whole(long value) {
    return out -> {
      ChunkWriter.field(out, 10, 1);
      out.writeLong(value);
    };
  }

  @Test
  void readsNulls() {
    Batch some =
        Batch.read(
            ChunkWriter.chunk(
                2,
                List.of(
                    ChunkWriter.vector(
                        2, 6, new boolean[] {true, false}, 3, false, ChunkWriter.longs(0, 5)))),
            1);
    assertThat(some.value(0, 0)).isNull();
    assertThat(some.row(1)).containsExactly(5L);
    Part nothing =
        out -> {
          ChunkWriter.field(out, 3, 1);
          out.writeByte(0);
        };
    Batch all =
        Batch.read(
            ChunkWriter.chunk(
                2,
                List.of(
                    ChunkWriter.vector(2, 14, new boolean[] {true, true}, 10, false, nothing),
                    // Two types that cannot be read may still be null.
                    ChunkWriter.vector(2, 4, new boolean[] {true, true}, 10, false, nothing))),
            2);
    assertThat(all.row(0)).containsExactly(null, null);
  }

  /// Written by hand from the protocol: two rows of one LONG column, 5 and null.
  @Test
  void readsGoldenBytes() {
    byte[] golden =
        HexFormat.of()
            .parseHex(
                "08000100000002" // size = 2
                    + "0f00020c00000001" // one vector
                    + "0800010000000208000200000006" // size 2, LONG
                    + "0f000302000000020001" // not null, null
                    + "0c00040c00030f00010a00000002" // arm 3, two i64
                    + "00000000000000050000000000000000"
                    + "0000" // ends of arm and data
                    + "020005000b000600000003555443" // not constant, zone UTC
                    + "00" // end of vector
                    + "00");
    Batch batch = Batch.read(ByteString.copyFrom(golden), 1);
    assertThat(batch.rowCount()).isEqualTo(2);
    assertThat(batch.value(0, 0)).isEqualTo(5L);
    assertThat(batch.value(1, 0)).isNull();
  }

  @Test
  void aConstantOfTwoBillionRowsCostsNothing() {
    ByteString chunk =
        ChunkWriter.chunk(
            Integer.MAX_VALUE,
            List.of(ChunkWriter.vector(Integer.MAX_VALUE, 6, new boolean[1], 11, true, whole(1))));
    assertThat(Batch.read(chunk, 1).value(Integer.MAX_VALUE - 1, 0)).isEqualTo(1L);
  }

  @Test
  void saysWhatIsWrong() {
    String[][] wrong = {
      {"0f00020c7fffffff", "claims 2147483647 elements"},
      {"0f00020cffffffff", "claims -1 elements"},
      {"0800010000000200", "has 1 columns, a chunk of it 0"},
      {"080001ffffffff00", "has the size -1"},
      {"630001", "unknown type 99"},
      {"0800", "ends early"},
      {"0d0009" + "0c0c7fffffff", "claims 2147483647"},
      {"0c0009".repeat(40), "nested too deeply"},
    };
    for (String[] one : wrong) {
      ByteString bytes = ByteString.copyFrom(HexFormat.of().parseHex(one[0]));
      assertThatExceptionOfType(MalformedAnswerException.class)
          .as(one[0])
          .isThrownBy(() -> Batch.read(bytes, 1))
          .withMessageContaining(one[1]);
    }
    assertThatExceptionOfType(MalformedAnswerException.class)
        .isThrownBy(() -> list(4, 3, ChunkWriter.longs(1, 2)))
        .withMessageContaining("INT96");
    assertThatExceptionOfType(MalformedAnswerException.class)
        .isThrownBy(() -> list(6, 2, ints()))
        .withMessageContaining("in form 2");
    assertThatExceptionOfType(MalformedAnswerException.class)
        .isThrownBy(() -> list(6, 3, ChunkWriter.longs(1)))
        .withMessageContaining("only 1 values");
  }

  /// Garbage, and results with bytes changed, cut off and put in: read right or refused with a
  /// sentence, in little memory.
  @Test
  void hostileInputIsRefused() {
    long seed = Long.getLong("signalbox.seed", System.nanoTime());
    Random random = new Random(seed);
    byte[] good =
        ChunkWriter.chunk(
                2,
                List.of(
                    ChunkWriter.vector(
                        2, 6, BOTH_THERE, 3, false, ChunkWriter.longs(random.nextLong(), 2)),
                    ChunkWriter.vector(2, 7, BOTH_THERE, 7, false, ChunkWriter.texts("a", "bc")),
                    ChunkWriter.vector(2, 5, new boolean[1], 11, true, whole(3))))
            .toByteArray();
    int refused = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = i % 5 == 0 ? new byte[random.nextInt(60)] : good.clone();
      if (i % 5 == 0) {
        random.nextBytes(bytes);
      } else {
        for (int change = random.nextInt(1, 4); change > 0; change--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      }
      refused += refused(bytes, seed) ? 1 : 0;
    }
    assertThat(refused).isPositive();
  }

  private static boolean refused(byte[] bytes, long seed) {
    try {
      Batch batch = Batch.read(ByteString.copyFrom(bytes), 3);
      for (int row = 0; row < Math.min(5, batch.rowCount()); row++) {
        var _ = List.copyOf(batch.row(row).stream().map(String::valueOf).toList());
      }
      return false;
    } catch (MalformedAnswerException e) {
      return true;
    } catch (RuntimeException | OutOfMemoryError e) {
      throw new AssertionError(
          "signalbox.seed=%d, %s".formatted(seed, HexFormat.of().formatHex(bytes)), e);
    }
  }

  @Test
  void readsMetadataOrRefusesIt() {
    ResultMetadata read =
        ResultMetadata.read(ChunkWriter.metadata(9, List.of("id", "LONG", "größe", "STRING")));
    assertThat(read.rows()).isEqualTo(9);
    assertThat(read.columns())
        .containsExactly(new Column("id", "LONG", "", ""), new Column("größe", "STRING", "", ""));
    String[][] wrong = {
      {"", "only 0 bytes"},
      {"00000000000000007fffffff", "2147483647 columns"},
      {"0000000000000000ffffffff", "-1 columns"},
      {"0000000000000000000000010009616200000000", "ends within a column"},
      {"0000000000000000000000010001ff000000000000", "not UTF-8"},
    };
    for (String[] one : wrong) {
      assertThatExceptionOfType(MalformedAnswerException.class)
          .as(one[0])
          .isThrownBy(
              () -> ResultMetadata.read(ByteString.copyFrom(HexFormat.of().parseHex(one[0]))))
          .withMessageContaining(one[1]);
    }
  }
}
