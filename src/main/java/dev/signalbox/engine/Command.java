package dev.signalbox.engine;

/// What an operator may ask of the engine. The engine refuses what is not legal at the moment it
/// arrives, whatever the window showed.
public sealed interface Command {
  /// Starts a release of `version` from the live stack to the other one.
  record StartRelease(String version) implements Command {}

  /// Moves traffic and writes to the stack that is not live, once every gate passes. Also 'forward
  /// again' after a rollback.
  record CutOver() implements Command {}

  /// Moves traffic and writes back to where the release came from: takes back a switch that is
  /// being made, or makes the mirrored one. What the release built stays.
  ///
  /// @param acknowledgedLoss the words that the lever asks for when writes would be lost; empty
  ///   otherwise
  record RollBack(String acknowledgedLoss) implements Command {
    public static RollBack losingNothing() {
      return new RollBack("");
    }
  }

  /// Goes on with a release that holds, for example after a failed step. Completes when the work
  /// that it began has ended.
  record Resume() implements Command {}

  /// Gives a release up: undoes every step that it took. Refused unless every plane sees the stack
  /// live from which the release came.
  ///
  /// @param typedName the name of the environment, typed by the operator
  record GiveUp(String typedName) implements Command {}

  /// Removes replication and keeps the stack that is live.
  ///
  /// @param typedName the name of the environment, typed by the operator
  record CleanUp(String typedName) implements Command {}

  /// Ends one open query of the query cluster, in or out of a release.
  ///
  /// @param queryId as [StrategyView.OpenQuery#id] shows it
  record CancelQuery(String queryId) implements OnPlane {}

  /// The query cluster answers all new work with 503 from now on. Open queries go on.
  ///
  /// @param typedName the name of the environment, typed by the operator
  record SuspendCluster(String typedName) implements OnPlane {}

  /// The query cluster takes work again.
  record ResumeCluster() implements OnPlane {}

  /// Ends a session of a database that holds something up, or the statement that it runs.
  ///
  /// @param plane id of the database's plane
  /// @param pid as [DatabaseView.Blocker#pid] shows it
  /// @param terminate whether the session ends; else only its statement is cancelled, which does
  ///   nothing to one that waits for its client
  record EndSession(String plane, Colour side, int pid, boolean terminate) implements OnPlane {}

  /// What a plane does by itself, without the release being touched.
  sealed interface OnPlane extends Command {}

  /// Takes the lease from another console that still renews it.
  ///
  /// @param typedName the name of the environment, typed by the operator
  /// @param alone [#OTHER_SIDE_CLOSED], typed by the operator, to drive without the database or the
  ///   entry that does not answer; empty otherwise
  record TakeOver(String typedName, String alone) implements Command {
    /// What is typed to drive without what does not answer.
    public static final String OTHER_SIDE_CLOSED = "the other side is closed";

    /// With the majority of those that give the lease.
    public TakeOver(String typedName) {
      this(typedName, "");
    }
  }
}
