package dev.signalbox.ui.board;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Validity;
import dev.signalbox.ui.fx.Words;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where requests go.
///
/// @param traffic where requests go now; null when the router does not say
/// @param note in words, with intended and observed when they differ
/// @param trouble whether the note reports something wrong
record RouterPresentation(
    @Nullable Colour traffic, boolean holding, String name, String note, boolean trouble) {
  /// Null when the environment has no application.
  static @Nullable RouterPresentation of(EngineSnapshot state, Validity validity) {
    ApplicationView application = state.application();
    if (!state.mayHave(ApplicationView.class)) {
      return null;
    }
    ApplicationView.Router router =
        application == null || application.at().equals(Instant.EPOCH) ? null : application.router();
    if (router == null) {
      return new RouterPresentation(
          null, false, Messages.text("router.name"), Messages.text("router.none"), false);
    }
    String name = Messages.text("router.kind", router.kind());
    if (!router.reachable() || !validity.application()) {
      return new RouterPresentation(null, false, name, Messages.text("router.silent"), true);
    }
    boolean differ = router.intended() != null && router.intended() != router.observed();
    return new RouterPresentation(router.observed(), router.holding(), name, note(router), differ);
  }

  private static String note(ApplicationView.Router router) {
    if (router.holding()) {
      return Messages.text("router.holding", Format.count(router.held()));
    }
    Colour observed = router.observed();
    Colour intended = router.intended();
    String seen = observed == null ? Messages.text("router.unknown") : Words.marked(observed);
    return intended == null || intended == observed
        ? Messages.text("router.to", seen)
        : Messages.text("router.differs", Words.marked(intended), seen);
  }
}
