package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.Finding;
import dev.signalbox.engine.database.barrier.Barrier;
import dev.signalbox.engine.database.barrier.PendingCloses;
import dev.signalbox.engine.database.migration.Migrations;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.pair.DatabaseStep;
import dev.signalbox.engine.database.pair.PlaneValues;
import dev.signalbox.engine.database.pair.PlannedColumns;
import dev.signalbox.engine.database.pair.Tolerance;
import dev.signalbox.engine.database.preflight.Preflight;
import dev.signalbox.engine.database.schema.SchemaCarrier;
import dev.signalbox.engine.database.schema.SchemaCompletion;
import dev.signalbox.engine.database.sync.Marker;
import dev.signalbox.engine.database.sync.Sync;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.Verbatim;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/// The steps that make the target a copy of the source's schema with this release's migrations on
/// top, and that put the fence in place: closed on the target, open on the source.
///
/// A table of the target is closed by the transaction that creates it, carried or migrated: there
/// is no moment in which both databases take writes.
final class SetupSteps {
  private static final Duration CARRY = Duration.ofMinutes(5);

  private final DatabasePair pair;
  private final Barrier barrier;
  private final Sync sync;
  private final Migrations migrations;
  private final Colour origin;
  private final Colour target;
  private final ReleaseInfo release;

  SetupSteps(
      DatabasePair pair, Barrier barrier, Sync sync, Migrations migrations, ReleaseInfo release) {
    this.pair = pair;
    this.barrier = barrier;
    this.sync = sync;
    this.migrations = migrations;
    this.origin = release.origin();
    this.target = release.target();
    this.release = release;
  }

  List<Step> initialize() {
    return List.of(
        pair.work(
            "preflight",
            "Look at both databases",
            Duration.ofMinutes(1),
            c -> false,
            c -> preflight(),
            DatabaseStep.TakeBack.nothing()),
        pair.work(
            "install",
            "Create the plane's own objects",
            Duration.ofMinutes(1),
            c -> installed(),
            this::install,
            this::uninstall));
  }

  List<Step> prepare() {
    return List.of(
        pair.work(
            "carry",
            "Carry the schema to " + target,
            CARRY.plusMinutes(1),
            c -> carried(),
            this::carry,
            this::emptyTarget),
        pair.work(
            "try",
            "Try the migrations on the empty schema",
            Duration.ofMinutes(5),
            c ->
                pair.look(
                    target, h -> PlannedColumns.known(h) || migrations.summary(h).pending() == 0),
            this::attempt,
            c -> Tolerance.of(c, target, () -> pair.guarded(target, c, PlannedColumns::forget))),
        pair.work(
            "fence-target",
            "Put the fence in place",
            Duration.ofMinutes(5),
            c -> fencesStand(),
            this::putFences,
            c -> {
              var _ = barrier.remove(origin, c);
            }));
  }

  /// When the rows are there.
  List<Step> complete() {
    return List.of(
        pair.work(
            "complete",
            "Build indexes and constraints on " + target,
            Duration.ofHours(24),
            c -> pair.look(target, SchemaCompletion::done),
            this::complete,
            DatabaseStep.TakeBack.nothing()));
  }

  List<Step> migrate() {
    return List.of(
        pair.work(
            "migrate",
            "Apply the migrations to " + target,
            Duration.ofHours(12),
            c -> pending() == 0,
            this::migrate,
            DatabaseStep.TakeBack.nothing()));
  }

  private String preflight() throws SQLException {
    List<Finding> findings = Preflight.all(pair.servers(), origin, pair.schemas());
    List<String> blocking =
        findings.stream().filter(Finding::blocks).map(Finding::toString).toList();
    if (!blocking.isEmpty()) {
      throw new SQLException(String.join(" ", blocking));
    }
    return findings.isEmpty()
        ? "Nothing is in the way"
        : "Nothing is in the way, but note: "
            + String.join(" ", findings.stream().map(Finding::toString).toList());
  }

  private String number() {
    return Long.toString(release.number());
  }

  private boolean installed() throws SQLException {
    PostgresSession.Work<Boolean> look =
        c -> Marker.installed(c) && PlaneValues.value(c, "release").equals(number());
    return pair.look(origin, look) && pair.look(target, look);
  }

  private String install(StepContext context) throws SQLException {
    for (Colour colour : List.of(origin, target)) {
      pair.guarded(
          colour,
          context,
          h -> {
            Marker.createObjects(h);
            Fence.createFunction(h);
            PlaneValues.remember(h, "release", number());
            PlaneValues.remember(h, "origin", origin.id());
            PlaneValues.forget(h, "compared");
            PlannedColumns.forget(h);
            sync.forget(h);
            PendingCloses.forget(h);
          });
    }
    return "marker and fence function are there on both sides";
  }

  private void uninstall(StepContext context) throws SQLException {
    Tolerance.of(context, target, () -> uninstall(target, context));
    uninstall(origin, context);
  }

  private void uninstall(Colour colour, StepContext context) throws SQLException {
    pair.guarded(
        colour,
        context,
        h -> {
          Marker.dropObjects(h);
          PendingCloses.forget(h);
          PlaneValues.forget(h, "release", "origin", "compared");
        });
  }

  private boolean carried() throws SQLException {
    return pair.look(target, h -> PlaneValues.value(h, "carried_release").equals(number()));
  }

  private String carry(StepContext context) throws Exception {
    // A schema that somebody prepared by hand has no fence yet.
    barrier.install(target, true, context);
    return pair.look(
        origin,
        here ->
            Guarded.transaction(
                pair.server(target), "carry", CARRY, context.epoch(), there -> carry(here, there)));
  }

  private String carry(Handle here, Handle there) throws SQLException {
    if (PlaneValues.value(there, "carried_by").equals("signalbox")
        && PlaneValues.value(there, "carried_release").equals(number())) {
      return "the schema was carried over before";
    }
    if (!PlaneValues.value(there, "retired").isEmpty()) {
      SchemaCarrier.drop(there, pair.schemas());
    }
    boolean byHand = !Catalogue.tables(there, pair.schemas()).isEmpty();
    String how = byHand ? adopt(here, there) : create(here, there);
    PlaneValues.forget(there, "retired");
    PlannedColumns.forget(there);
    PlaneValues.remember(there, "carried_release", number());
    PlaneValues.remember(there, "carried", SchemaCarrier.digest(here, pair.schemas()));
    return how;
  }

  private String create(Handle here, Handle there) throws SQLException {
    SchemaCarrier.Carried carried =
        SchemaCarrier.carry(here, pair.server(origin).coordinates(), there, pair.schemas());
    Migrations.carry(here, there);
    PlaneValues.remember(there, "carried_by", "signalbox");
    SchemaCompletion.leave(there, carried.later());
    for (Catalogue.Table table : Catalogue.tables(there, pair.schemas())) {
      Verbatim.run(there, Fence.install(table.name(), true));
    }
    return carried.statements()
        + " statements carried the schema over, read by "
        + carried.by()
        + "; "
        + carried.later().size()
        + " more follow when the rows are there"
        + (carried.refused().isEmpty()
            ? ""
            : ". The console's role may not do this on "
                + target
                + "; have it done: "
                + String.join(" ", carried.refused()));
  }

  /// What somebody prepared must be whole.
  private String adopt(Handle here, Handle there) throws SQLException {
    if (!PlaneValues.value(there, "carried_release").equals(number())) {
      PlaneValues.forget(there, "carried_by");
    }
    SchemaCompletion.forget(there);
    same(here, there);
    return "the schema was there already; both catalogues have the same digest";
  }

  private void same(Handle here, Handle there) throws SQLException {
    List<String> differences = SchemaCarrier.differences(here, there, pair.schemas());
    if (!differences.isEmpty()) {
      throw new SQLException(
          "The schemas of "
              + origin
              + " and "
              + target
              + " differ: "
              + String.join("; ", differences.subList(0, Math.min(3, differences.size())))
              + ". Make them equal, or empty "
              + target
              + ".");
    }
  }

  /// Rolled back: nothing stays of it.
  private String attempt(StepContext context) throws Exception {
    Map<TableName, List<Catalogue.Column>> before =
        pair.look(target, h -> PlannedColumns.now(h, pair.schemas()));
    List<String> untried = new ArrayList<>();
    Map<TableName, List<Catalogue.Column>> after =
        Guarded.question(
            pair.server(target),
            "try",
            CARRY,
            context.epoch(),
            h -> {
              untried.addAll(migrations.attempt(h));
              return PlannedColumns.now(h, pair.schemas());
            });
    pair.guarded(target, context, h -> PlannedColumns.remember(h, before, after));
    return "the migrations pass on the empty schema; nothing of it stays"
        + (untried.isEmpty() ? "" : ". Not tried: " + String.join("; ", untried));
  }

  private String complete(StepContext context) throws Exception {
    int done = SchemaCompletion.complete(pair.server(target), context);
    if (!pair.look(target, SchemaCompletion::done)) {
      pair.look(
          origin,
          here ->
              pair.look(
                  target,
                  there -> {
                    same(here, there);
                    return true;
                  }));
      pair.guarded(target, context, SchemaCompletion::end);
    }
    return done + " statements built the rest; both catalogues have the same digest";
  }

  /// Only what this release created, and never on a side that takes writes.
  private void emptyTarget(StepContext context) throws SQLException {
    Tolerance.of(
        context,
        target,
        () ->
            Guarded.transaction(
                pair.server(target),
                "carry",
                CARRY,
                context.epoch(),
                h -> {
                  if (!PlaneValues.value(h, "carried_release").equals(number())) {
                    return false;
                  }
                  boolean closed =
                      Catalogue.tables(h, pair.schemas()).stream()
                          .noneMatch(t -> t.fence().equals("D"));
                  if (!closed) {
                    throw new SQLException(
                        target + " takes writes; its tables are not dropped. Nothing was changed.");
                  }
                  if (PlaneValues.value(h, "carried_by").equals("signalbox")) {
                    SchemaCarrier.drop(h, pair.schemas());
                  }
                  SchemaCompletion.forget(h);
                  PlaneValues.forget(h, "carried", "carried_release", "carried_by");
                  return true;
                }));
  }

  private int pending() throws SQLException {
    return pair.look(target, h -> migrations.summary(h).pending());
  }

  private String migrate(StepContext context) throws Exception {
    boolean less = sync.narrow(release, context);
    List<String> done =
        migrations.applyToTarget(pair.server(target), context.epoch(), context::progress);
    pair.guarded(target, context, PlannedColumns::forget);
    return (less ? origin + " sends only the columns that " + target + " keeps. " : "")
        + (done.isEmpty()
            ? "No migration was pending"
            : (done.size() == 1 ? "Migration " : "Migrations ")
                + String.join(", ", done)
                + " applied on "
                + target);
  }

  private boolean fencesStand() throws SQLException {
    return barrier.installed(origin)
        && barrier.state(origin) == Fence.State.OPEN
        && barrier.state(target) == Fence.State.CLOSED;
  }

  private String putFences(StepContext context) throws SQLException, InterruptedException {
    barrier.install(target, true, context);
    barrier.install(origin, false, context);
    return target + " refuses writes, " + origin + " takes them as before";
  }
}
