package dev.signalbox.ui.board;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Health;
import dev.signalbox.ui.board.StackPresentation.Row;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Words;
import java.util.ArrayList;
import java.util.List;

/// The endpoints of a stack's application, and which databases it says that it uses.
final class EndpointRows {
  private EndpointRows() {}

  static List<Row> of(
      EngineSnapshot state, ApplicationView.Stack stack, Colour colour, boolean stale) {
    List<Row> rows = new ArrayList<>();
    for (ApplicationView.Endpoint endpoint : stack.endpoints()) {
      rows.add(stale ? old(endpoint) : row(endpoint, ReleaseSetup.covers(state, colour)));
    }
    for (DatabaseView database : state.databases()) {
      DatabaseView.Application said = database.applications().get(colour);
      Colour used = said == null ? null : said.acknowledged();
      if (said != null && used != null && !stale) {
        String name = database.name();
        rows.add(
            new Row(
                name.isEmpty()
                    ? Messages.text("stack.uses")
                    : Messages.text("stack.uses.one", name),
                null,
                "",
                Words.marked(used),
                "",
                Messages.text("stack.uses.hint", Format.count(said.generation()))));
      }
    }
    return rows;
  }

  private static Row old(ApplicationView.Endpoint endpoint) {
    return new Row(
        endpoint.name(), Sign.UNKNOWN, Messages.text("health.old"), "", "", endpoint.address());
  }

  private static Row row(ApplicationView.Endpoint endpoint, boolean comes) {
    boolean expected = comes && endpoint.health() == Health.UNHEALTHY;
    boolean answers = endpoint.detail().isEmpty() && !endpoint.latency().isZero();
    return new Row(
        endpoint.name(),
        expected ? Sign.PENDING : HealthWords.sign(endpoint),
        expected ? Messages.text("health.coming") : HealthWords.health(endpoint),
        answers ? Format.duration(endpoint.latency()) : "",
        expected ? "" : endpoint.detail(),
        expected
            ? endpoint.detail()
            : Messages.text("endpoint.hint", endpoint.address(), Format.count(endpoint.streak())));
  }
}
