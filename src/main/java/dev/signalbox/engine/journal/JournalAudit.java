package dev.signalbox.engine.journal;

import dev.signalbox.engine.AuditReport;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/// Reads the whole journal of both databases and checks its chain. It only looks: it takes no lease
/// and creates nothing.
public final class JournalAudit {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int PAGE = 1000;

  private JournalAudit() {}

  /// Blocks until everything is read; an answer of a database is waited for 30 s.
  ///
  /// @throws IllegalStateException with a sentence, when no database can be read
  public static AuditReport verify(List<PostgresServer> servers) {
    AuditReport report = once(servers);
    // The two databases are not read at the same moment: what a driver wrote in between may be
    // missing, but not a second time.
    return report.misfit() == null ? report : once(servers);
  }

  private static AuditReport once(List<PostgresServer> servers) {
    Map<Colour, List<JournalEntry>> held = new EnumMap<>(Colour.class);
    Map<Colour, Long> heads = new EnumMap<>(Colour.class);
    List<String> silent = new ArrayList<>();
    for (PostgresServer server : servers) {
      List<JournalEntry> entries = new ArrayList<>();
      try {
        heads.put(server.colour(), Guarded.ask(server, "audit", TIMEOUT, h -> read(h, entries)));
        held.put(server.colour(), entries);
      } catch (UnreadableEntryException e) {
        return unreadable(server, e);
      } catch (SQLException e) {
        silent.add("The journal on " + server.colour() + " cannot be read: " + e.getMessage());
      }
    }
    if (held.isEmpty()) {
      throw new IllegalStateException(String.join(" ", silent));
    }
    return new ChainCheck(held, silent.isEmpty()).run(heads, silent);
  }

  /// @return the highest number that the database says it has used
  private static long read(Handle h, List<JournalEntry> entries) {
    h.setReadOnly(true);
    h.setTransactionIsolationLevel(TransactionIsolationLevel.REPEATABLE_READ);
    h.begin();
    Layout layout = Layout.of(h);
    long after = 0;
    List<EntryRows.Arrival> page;
    do {
      page = EntryRows.after(h, layout, after, PAGE);
      for (EntryRows.Arrival arrival : page) {
        entries.add(arrival.entry());
        after = arrival.arrived();
      }
    } while (page.size() == PAGE);
    long head =
        layout == Layout.CURRENT
            ? h.select("SELECT sequence FROM signalbox.journal_head").mapTo(long.class).one()
            : 0;
    h.rollback();
    return head;
  }

  private static AuditReport unreadable(PostgresServer server, UnreadableEntryException e) {
    return new AuditReport(
        0,
        0,
        0,
        "",
        List.of(),
        List.of(),
        new AuditReport.Misfit(
            e.sequence(),
            "its content on "
                + server.colour()
                + " was changed, or a newer version wrote it: this version cannot understand it."));
  }
}
