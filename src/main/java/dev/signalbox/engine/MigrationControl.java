package dev.signalbox.engine;

import java.util.List;

/// Versioned scripts outside a release: what stands where, and applying or undoing them by hand.
/// Methods block until done, each with timeouts on everything it waits for, and do not throw for
/// what a database says: that is in the [Outcome].
public interface MigrationControl extends AutoCloseable {
  /// Every script known from the folder or the history, in order of version.
  ///
  /// @throws IllegalStateException with a sentence, when folder or database cannot be read
  List<MigrationView> status(Colour stack);

  /// Applies what is pending, in order.
  Outcome apply(Colour stack);

  /// Undoes the newest applied script, or with a version everything above it.
  ///
  /// @param downTo the version to go back to; empty to undo only the newest
  Outcome undo(Colour stack, String downTo);

  @Override
  void close();
}
