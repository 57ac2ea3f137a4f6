package dev.signalbox.engine.database;

import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Consistency;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.DatabaseView.TableProgress;
import dev.signalbox.engine.DatabaseView.TableSize;
import dev.signalbox.engine.Lsn;
import dev.signalbox.engine.database.migration.Migrations;
import dev.signalbox.engine.database.replication.Flow;
import dev.signalbox.engine.postgres.Fence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is known of one server: what its last answer said, and whether it still answers.
///
/// @param reachable whether it answered the last look, and that look is fresh. When it is false,
///   everything else but `problem` is what it said at `at`, and none of it may be taken for what is
/// @param at when it last answered; the epoch when it never did
/// @param problem why it does not answer; empty when it does
/// @param sender of the channel that begins here; @param receiver of the one that ends here
/// @param origin the colour that the release set up here began from; empty without one
/// @param carried digest of the source's schema when it was carried here; @param digest of it now
/// @param debt what it owes; empty when nothing
/// @param definitions what was changed by hand of its publication and subscription
/// @param compared when and how much was compared last in this release; empty when not
/// @param pending scripts that are not applied here yet; negative when the folder cannot be used,
///   and then `scripts` says why
/// @param unreplicated tables whose writes do not leave this side, although it sends others
/// @param held bytes of the tables that the release under way carried here; 0 when it carried none
/// @param commits in all since the server began
/// @param flowing log written, bytes a second
record Seen(
    boolean reachable,
    Instant at,
    String problem,
    String version,
    @Nullable Lsn position,
    long size,
    Fence.State fence,
    int connections,
    int openTransactions,
    Duration oldest,
    double transactionsPerSecond,
    String schemaVersion,
    int pending,
    String scripts,
    long held,
    List<TableSize> largest,
    Optional<Flow.Sender> sender,
    Optional<Flow.Receiver> receiver,
    List<TableProgress> tables,
    List<TableName> unreplicated,
    List<Blockers.Blocker> blockers,
    String origin,
    String carried,
    String digest,
    Optional<Debts.Debt> debt,
    Definitions definitions,
    String compared,
    long commits,
    double flowing) {
  private static final Pattern COMPARED = Pattern.compile("(\\d{1,9}) (\\d{1,18}) .+");

  static Seen nothing() {
    return new Seen(
        false,
        Instant.EPOCH,
        DatabaseView.Server.NOT_ASKED,
        "",
        null,
        0,
        Fence.State.MIXED,
        0,
        0,
        Duration.ZERO,
        0,
        "",
        Migrations.Summary.UNKNOWN,
        "",
        0,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        "",
        "",
        "",
        Optional.empty(),
        Definitions.AS_MADE,
        "",
        0,
        0);
  }

  /// Whether some of its tables are seen to take writes.
  boolean writable() {
    return reachable && fence != Fence.State.CLOSED && fence != Fence.State.NO_TABLES;
  }

  /// Whether it answered, or failed to: before that nothing is known of it.
  boolean asked() {
    return !problem.equals(DatabaseView.Server.NOT_ASKED);
  }

  /// What a console found when it compared, in this release; empty when none did.
  Optional<Consistency> comparedBefore() {
    Matcher found = COMPARED.matcher(compared);
    return found.matches()
        ? Optional.of(
            new Consistency(
                Consistency.State.IDENTICAL,
                1,
                Integer.parseInt(found.group(1)),
                Long.parseLong(found.group(2)),
                null,
                "compared before (tables, rows, when): " + compared))
        : Optional.empty();
  }

  /// The same, but it does not answer now.
  Seen lost(String why) {
    return new Seen(
        false,
        at,
        why,
        version,
        position,
        size,
        fence,
        connections,
        openTransactions,
        oldest,
        0,
        schemaVersion,
        pending,
        scripts,
        held,
        largest,
        sender,
        receiver,
        tables,
        unreplicated,
        blockers,
        origin,
        carried,
        digest,
        debt,
        definitions,
        compared,
        commits,
        0);
  }
}
