package dev.signalbox.ui.board;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Server;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.ui.board.StackPresentation.Figure;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The numbers in the head of a stack's card.
final class CardFigures {
  private static final double ERRORS_BAD = 0.01;
  private static final String NONE = "–";

  private CardFigures() {}

  /// @param application null when it is not known what it does now
  /// @param sides the databases of the stack; a sum over them is known when each of them is
  static List<Figure> of(
      EngineSnapshot state,
      @Nullable ApplicationView application,
      List<DatabaseSide> sides,
      Colour colour) {
    List<Figure> figures = new ArrayList<>();
    if (state.mayHave(ApplicationView.class)) {
      addTraffic(figures, application, colour);
    }
    if (state.mayHave(DatabaseView.class)) {
      addServers(figures, sides);
    }
    return List.copyOf(figures);
  }

  private static void addTraffic(
      List<Figure> figures, @Nullable ApplicationView application, Colour colour) {
    ApplicationView.Traffic traffic =
        application == null || !application.router().reachable()
            ? null
            : application.router().traffic().get(colour);
    boolean idle = traffic == null || traffic.requestsPerSecond() == 0;
    figures.add(
        figure("traffic", traffic == null ? NONE : Format.percent(traffic.share()), Sign.OK));
    figures.add(
        figure(
            "requests",
            traffic == null ? NONE : Format.rate(traffic.requestsPerSecond()),
            Sign.OK));
    figures.add(
        figure("p95", traffic == null || idle ? NONE : Format.duration(traffic.p95()), Sign.OK));
    figures.add(
        figure(
            "errors",
            traffic == null || idle ? NONE : Format.finePercent(traffic.errorShare()),
            traffic != null && traffic.errorShare() > ERRORS_BAD ? Sign.BAD : Sign.OK));
  }

  private static void addServers(List<Figure> figures, List<DatabaseSide> sides) {
    List<Server> servers =
        sides.stream()
            .filter(DatabaseSide::answers)
            .map(DatabaseSide::server)
            .filter(Objects::nonNull)
            .toList();
    boolean known = !servers.isEmpty() && servers.size() == sides.size();
    boolean longOpen = servers.stream().anyMatch(ServerRows::isLongOpen);
    int connections = servers.stream().mapToInt(Server::connections).sum();
    int transactions = servers.stream().mapToInt(Server::openTransactions).sum();
    figures.add(figure("connections", known ? Format.count(connections) : NONE, Sign.OK));
    figures.add(
        figure(
            "transactions",
            known ? Format.count(transactions) : NONE,
            longOpen ? Sign.PENDING : Sign.OK));
  }

  private static Figure figure(String key, String value, Sign sign) {
    return new Figure(
        Messages.text("figure." + key), value, value.equals(NONE) ? Sign.UNKNOWN : sign);
  }
}
