package dev.signalbox.engine.database.pair;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "UPDATE users SET secret = 'hunter2' WHERE id = 7|UPDATE users SET secret = …",
        "UPDATE users SET secret = E'hun\\'ter2'|UPDATE users SET secret = …",
        "SELECT * FROM t1 WHERE pin = 1234|SELECT * FROM t1 WHERE pin = …",
        "DO $$ BEGIN PERFORM 'hunter2'; END $$|DO …",
        "/* pin 1234 */ UPDATE t SET a = b -- hunter2|UPDATE t SET a = b",
        "UPDATE t SET a = b /* hunter2|UPDATE t SET a = b",
        "LOCK TABLE \"table 2\" IN SHARE MODE|LOCK TABLE \"table …",
        "'hunter2'|…",
        "COMMIT|COMMIT"
      })
  void aStatementIsShownUpToItsFirstValue(String statement, String shown) {
    assertThat(Blockers.withoutValues(statement).strip()).isEqualTo(shown);
  }
}
