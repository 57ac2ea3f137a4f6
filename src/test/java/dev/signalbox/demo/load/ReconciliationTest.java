package dev.signalbox.demo.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.demo.app.DemoData;
import dev.signalbox.engine.Colour;
import dev.signalbox.support.TestDatabases;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Damages the bank in every way that a bad switch could, and asks whether it is seen.
final class ReconciliationTest {
  private final Ledger ledger = new Ledger();
  private TestDatabases databases;
  private Connection connection;
  private long sum;

  @BeforeEach
  void seed() throws Exception {
    databases = TestDatabases.create();
    connection = databases.asSuperuser(Colour.BLUE).open("test", Duration.ofSeconds(20));
    DemoData.createRole(connection, "secret");
    DemoData.applyFirstVersion(connection);
    DemoData.seed(connection, 10, 100);
    sum = Reconciliation.sum(connection);
    assertThat(sum).isEqualTo(10 * DemoData.OPENING);
  }

  @AfterEach
  void drop() throws Exception {
    connection.close();
    databases.close();
  }

  @Test
  void findsNothingWhereNothingIsWrong() throws Exception {
    transfer(1, 2, 5);
    UUID open = UUID.randomUUID();
    ledger.open(open, 1, 2, 3);
    Reconciliation.Report report = check();
    assertThat(report.isClean()).isTrue();
    assertThat(report.acknowledged()).isEqualTo(1);
    assertThat(report.ambiguous()).isEmpty();
  }

  @Test
  void seesALostWrite() throws Exception {
    UUID id = transfer(1, 2, 5);
    transfer(2, 3, 5);
    // The whole transaction gone: balances and entries agree with each other, only we know better.
    sql(
        "DELETE FROM entries WHERE transfer_id = (SELECT id FROM transfers WHERE request_id = '%s')"
            .formatted(id));
    sql("DELETE FROM transfers WHERE request_id = '%s'".formatted(id));
    sql(
        "UPDATE accounts SET balance = balance + CASE id WHEN 1 THEN 5 ELSE -5 END WHERE id IN (1, 2)");
    Reconciliation.Report report = check();
    assertThat(report.lost()).containsExactly(id);
    assertThat(report.halfApplied()).isEmpty();
    assertThat(report.isClean()).isFalse();
  }

  @Test
  void seesADoubledWrite() throws Exception {
    UUID id = transfer(1, 2, 5);
    apply(id, 1, 2, 5);
    Reconciliation.Report report = check();
    assertThat(report.duplicated()).containsExactly(id);
    assertThat(report.halfApplied()).isEmpty();
    assertThat(report.isClean()).isFalse();
  }

  @Test
  void seesAnAlteredWrite() throws Exception {
    UUID id = UUID.randomUUID();
    ledger.open(id, 1, 2, 5);
    apply(id, 1, 2, 6);
    ledger.acknowledged(id);
    assertThat(check().altered()).containsExactly(id);
    assertThat(check().isClean()).isFalse();
  }

  @Test
  void seesAMissingEntry() throws Exception {
    UUID id = transfer(1, 2, 5);
    sql(
        "DELETE FROM entries WHERE account_id = 2 AND transfer_id = (SELECT id FROM transfers WHERE request_id = '%s')"
            .formatted(id));
    assertThat(check().halfApplied())
        .hasSize(2)
        .anySatisfy(s -> assertThat(s).contains("has not exactly its two entries"))
        .anySatisfy(s -> assertThat(s).startsWith("account 2 holds"));
    assertThat(check().isClean()).isFalse();
  }

  @Test
  void seesEntriesWithoutTheirTransfer() throws Exception {
    UUID id = transfer(1, 2, 5);
    // As replication would: without foreign keys.
    sql("SET session_replication_role = replica");
    sql("DELETE FROM transfers WHERE request_id = '%s'".formatted(id));
    Reconciliation.Report report = check();
    assertThat(report.lost()).containsExactly(id);
    assertThat(report.halfApplied()).singleElement().asString().contains("are there without it");
  }

  @Test
  void seesABalanceThatChangedByItself() throws Exception {
    sql("UPDATE accounts SET balance = balance + 1 WHERE id = 7");
    assertThat(check().halfApplied())
        .hasSize(2)
        .anySatisfy(s -> assertThat(s).startsWith("account 7 holds"))
        .anySatisfy(s -> assertThat(s).contains("at the start it was " + sum));
  }

  @Test
  void seesAnAccountThatVanishedWithItsMoney() throws Exception {
    sql("INSERT INTO accounts (id, owner, opening, balance) VALUES (11, 'x', 5, 5)");
    assertThat(check().halfApplied())
        .singleElement()
        .asString()
        .contains("all accounts together hold " + (sum + 5));
  }

  @Test
  void reportsByItselfWhatNobodyWasPromised() throws Exception {
    UUID there = UUID.randomUUID();
    ledger.open(there, 1, 2, 5);
    apply(there, 1, 2, 5);
    ledger.failed(there);
    UUID absent = UUID.randomUUID();
    ledger.open(absent, 1, 2, 5);
    ledger.failed(absent);
    Reconciliation.Report report = check();
    assertThat(report.ambiguous()).containsExactly(there);
    assertThat(report.isClean()).isTrue();
  }

  private Reconciliation.Report check() throws SQLException {
    return Reconciliation.check(connection, ledger, sum);
  }

  private UUID transfer(long from, long to, long amount) throws SQLException {
    UUID id = UUID.randomUUID();
    ledger.open(id, from, to, amount);
    apply(id, from, to, amount);
    ledger.acknowledged(id);
    return id;
  }

  private void apply(UUID id, long from, long to, long amount) throws SQLException {
    sql("UPDATE accounts SET balance = balance - %d WHERE id = %d".formatted(amount, from));
    sql("UPDATE accounts SET balance = balance + %d WHERE id = %d".formatted(amount, to));
    sql(
        "WITH t AS (INSERT INTO transfers (request_id, from_account, to_account, amount) VALUES ('%s', %d, %d, %d) RETURNING *) INSERT INTO entries SELECT id, from_account, -amount FROM t UNION ALL SELECT id, to_account, amount FROM t"
            .formatted(id, from, to, amount));
  }

  private void sql(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
