package dev.signalbox.demo.app;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// What the service does with money. Thread-safe; every method is one transaction.
final class Bank {
  /// What a database says that takes no writes.
  static final String FENCED = "25006";

  /// The class of what a constraint refuses.
  private static final String CONSTRAINT = "23";

  /// The class of what others' locks make impossible, as a deadlock.
  private static final String LOCKED = "40";

  private static final int REHEARSALS = 252;

  private static final Transfer SAMPLE = new Transfer(new UUID(0, 0), 1, 2, 1);

  private final DatabaseLink link;
  private final String version;

  Bank(DatabaseLink link, String version) {
    this.link = link;
    this.version = version;
  }

  record Account(long id, String owner, String status, long balance) {}

  /// @param requestId chosen by the client; null only in a request that is refused
  record Transfer(@Nullable UUID requestId, long from, long to, long amount) {
    boolean isValid() {
      return requestId != null && from != to && amount > 0;
    }
  }

  /// A transfer that the bank's rules forbid.
  static final class RefusedException extends SQLException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  Optional<Account> account(long id) throws SQLException {
    return link.with((target, connection) -> account(connection, id));
  }

  private static Optional<Account> account(Connection connection, long id) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id, owner, status, balance FROM accounts WHERE id = ?")) {
      select.setLong(1, id);
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Account(row.getLong(1), row.getString(2), row.getString(3), row.getLong(4)))
            : Optional.empty();
      }
    }
  }

  /// Moves money: both balances, the transfer and its two entries, or nothing.
  ///
  /// @return the number of the transfer
  /// @throws RefusedException when an account does not exist or has too little
  long transfer(Transfer transfer) throws SQLException {
    return link.with((target, connection) -> {
      connection.setAutoCommit(false);
      try {
        long id = write(connection, transfer, version, target.pool().hasNotes());
        connection.commit();
        return id;
      } catch (SQLException | RuntimeException e) {
        rollback(connection, e);
        throw e;
      }
    });
  }

  private static long write(Connection connection, Transfer transfer, String version, boolean notes)
      throws SQLException {
    lock(connection, transfer);
    move(connection, transfer);
    long id = record(connection, transfer, version, notes);
    enter(connection, transfer, id);
    return id;
  }

  /// Does often what requests will do, and leaves nothing: a process that has just started is slow
  /// at first, and its first customers should not be the ones to notice. Whole transfers are made
  /// on temporary tables that hide the real ones, because a database may be fenced; then every
  /// connection tries each statement on the real tables and takes it back: a server process that
  /// meets a table for the first time reads half the catalogue.
  static void rehearse(DatabaseLink.Target target, String version) throws SQLException {
    together(1, target, connection -> pretend(connection, version, target));
    onEachConnection(target, REHEARSALS / Pool.SIZE, version);
  }

  /// The second part of it, shorter.
  static void rehearseStatements(DatabaseLink.Target target, String version) throws SQLException {
    onEachConnection(target, 1, version);
  }

  /// As many at once as there are connections: nobody waits for one.
  private static void onEachConnection(DatabaseLink.Target target, int times, String version)
      throws SQLException {
    together(
        Pool.SIZE,
        target,
        connection -> {
          for (int n = 0; n < times; n++) {
            attempt(connection, version, target);
          }
          return 0L;
        });
  }

  private static void together(int tasks, DatabaseLink.Target target, Pool.Work<Long> work)
      throws SQLException {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> running = new ArrayList<>();
      for (int n = 0; n < tasks; n++) {
        running.add(executor.submit(() -> target.pool().with(work)));
      }
      for (Future<Long> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new SQLException(
          "The service could not warm up: " + Objects.requireNonNull(e.getCause()).getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("The service ended while it warmed up.", e);
    }
  }

  private static long pretend(Connection connection, String version, DatabaseLink.Target target)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TEMPORARY TABLE accounts (LIKE public.accounts INCLUDING ALL);
          CREATE TEMPORARY TABLE transfers (LIKE public.transfers INCLUDING ALL);
          CREATE TEMPORARY TABLE entries (LIKE public.entries INCLUDING ALL);
          INSERT INTO accounts SELECT * FROM public.accounts WHERE id IN (1, 2)
          """);
      connection.setAutoCommit(false);
      try {
        for (int n = 0; n < REHEARSALS; n++) {
          write(connection, SAMPLE, version, target.pool().hasNotes());
          connection.commit();
        }
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
        statement.execute("DISCARD TEMPORARY");
        statement.execute("DEALLOCATE ALL");
      }
      return 0;
    }
  }

  private static void attempt(Connection connection, String version, DatabaseLink.Target target)
      throws SQLException {
    account(connection, 1);
    connection.setAutoCommit(false);
    try {
      attempt(connection, () -> lock(connection, SAMPLE));
      attempt(connection, () -> move(connection, SAMPLE));
      attempt(connection, () -> record(connection, SAMPLE, version, target.pool().hasNotes()));
      attempt(connection, () -> enter(connection, SAMPLE, 0));
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  /// Tries one statement, which a fence, a rule of the bank, a constraint or others' locks may
  /// refuse. One that succeeds keeps its locks: they are taken in the order of every transfer.
  private static void attempt(Connection connection, Statements statements) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      statements.run();
    } catch (RefusedException e) {
      connection.rollback(before);
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      if (!FENCED.equals(state) && !state.startsWith(CONSTRAINT) && !state.startsWith(LOCKED)) {
        throw e;
      }
      connection.rollback(before);
    }
  }

  private interface Statements {
    void run() throws SQLException;
  }

  private static void rollback(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // The connection is broken: the server rolls back by itself.
      cause.addSuppressed(e);
    }
  }

  /// Always the lower number first: two transfers never wait for each other in a circle.
  private static void lock(Connection connection, Transfer transfer) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT balance, id FROM accounts WHERE id IN (?, ?) ORDER BY id FOR UPDATE")) {
      select.setLong(1, transfer.from());
      select.setLong(2, transfer.to());
      int found = 0;
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found++;
          if (rows.getLong(2) == transfer.from() && rows.getLong(1) < transfer.amount()) {
            throw new RefusedException("Account " + transfer.from() + " has too little money.");
          }
        }
      }
      if (found != 2) {
        throw new RefusedException("One of the two accounts does not exist.");
      }
    }
  }

  private static void move(Connection connection, Transfer transfer) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE accounts SET balance = balance + CASE WHEN id = ? THEN -? ELSE ? END"
                + " WHERE id IN (?, ?)")) {
      update.setLong(1, transfer.from());
      update.setLong(2, transfer.amount());
      update.setLong(3, transfer.amount());
      update.setLong(4, transfer.from());
      update.setLong(5, transfer.to());
      update.executeUpdate();
    }
  }

  private static long record(
      Connection connection, Transfer transfer, String version, boolean notes) throws SQLException {
    boolean noted = notes && !version.equals("v1");
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO transfers (request_id, from_account, to_account, amount"
                + (noted ? ", note" : "")
                + ") VALUES (?, ?, ?, ?"
                + (noted ? ", ?" : "")
                + ") RETURNING id")) {
      insert.setObject(1, transfer.requestId());
      insert.setLong(2, transfer.from());
      insert.setLong(3, transfer.to());
      insert.setLong(4, transfer.amount());
      if (noted) {
        insert.setString(5, "by " + version);
      }
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static void enter(Connection connection, Transfer transfer, long id) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO entries (transfer_id, account_id, amount) VALUES (?, ?, -?), (?, ?, ?)")) {
      insert.setLong(1, id);
      insert.setLong(2, transfer.from());
      insert.setLong(3, transfer.amount());
      insert.setLong(4, id);
      insert.setLong(5, transfer.to());
      insert.setLong(6, transfer.amount());
      insert.executeUpdate();
    }
  }
}
