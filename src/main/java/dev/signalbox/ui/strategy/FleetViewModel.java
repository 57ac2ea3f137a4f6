package dev.signalbox.ui.strategy;

import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.StrategyView.Client;
import dev.signalbox.ui.control.Row;
import dev.signalbox.ui.control.Rows;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;

/// The clients that report. However often the engine publishes, the lines are updated and sorted at
/// most once a second.
final class FleetViewModel {
  /// What the lines may be sorted by.
  enum Order {
    NAME,
    PINNED,
    WRONG;

    private Comparator<Client> first() {
      return switch (this) {
        case NAME -> Comparator.comparing(Client::name, String.CASE_INSENSITIVE_ORDER);
        case PINNED -> Comparator.comparing(FleetViewModel::oldest).reversed();
        case WRONG -> Comparator.comparingLong(Client::wrongStrategy).reversed();
      };
    }

    private Comparator<Client> total(boolean reversed) {
      return (reversed ? first().reversed() : first())
          .thenComparing(Client::name, String.CASE_INSENSITIVE_ORDER)
          .thenComparing(Client::id);
    }
  }

  /// A client that did not report for this long is shown as silent.
  static final Duration SILENT = Duration.ofSeconds(5);

  private static final Duration GAP = Duration.ofSeconds(1);

  private final Rows<Client> rows = new Rows<>(Client::id, Order.NAME.total(false));
  private final StringProperty filter = new SimpleStringProperty("");
  private final ReadOnlyStringWrapper title =
      new ReadOnlyStringWrapper(Messages.text("fleet.title"));
  private final ReadOnlyObjectWrapper<@Nullable ClientPresentation> detail =
      new ReadOnlyObjectWrapper<>();
  private Order order = Order.NAME;
  private @Nullable StrategyView shown;
  private Instant shownAt = Instant.MIN;

  FleetViewModel() {
    filter.addListener((_, _, words) -> {
      String wanted = words.strip().toLowerCase(Locale.ROOT);
      rows.filter(client -> wanted.isEmpty() || matches(client, wanted));
      showTitle();
    });
    rows.selected().addListener((_, _, _) -> showDetail());
  }

  /// Shows the clients of a look at the cluster, unless that was done less than a second ago.
  ///
  /// @return whether it was done
  boolean show(StrategyView view, Instant now) {
    if (view.equals(shown) || now.isBefore(shownAt.plus(GAP))) {
      return false;
    }
    shown = view;
    shownAt = now;
    rows.update(view.clients());
    showTitle();
    showDetail();
    return true;
  }

  /// @param reversed the other way round than that order usually is
  void sort(Order by, boolean reversed) {
    order = by;
    rows.sort(by.total(reversed));
  }

  /// Whether lines stay where they are while their figures change.
  boolean isCalm() {
    return order == Order.NAME;
  }

  private void showDetail() {
    Row<Client> row = rows.selected().get();
    ClientPresentation presentation =
        row == null ? null : ClientPresentation.of(row.get(), rows.isThere(row));
    if (!Objects.equals(presentation, detail.get())) {
      detail.set(presentation);
    }
  }

  private void showTitle() {
    int all = rows.size();
    title.set(
        all == 0
            ? Messages.text("fleet.title")
            : rows.shown().size() == all
                ? Messages.text("fleet.title.count", Format.count(all))
                : Messages.text(
                    "fleet.title.filtered", Format.count(rows.shown().size()), Format.count(all)));
  }

  private static boolean matches(Client client, String wanted) {
    return contains(client.name(), wanted)
        || contains(client.id(), wanted)
        || contains(client.user(), wanted)
        || contains(client.peer(), wanted)
        || contains(client.state(), wanted);
  }

  private static boolean contains(String text, String wanted) {
    return text.toLowerCase(Locale.ROOT).contains(wanted);
  }

  /// Age of the oldest pinned query; zero when none.
  static Duration oldest(Client client) {
    return client.pinned().isEmpty() ? Duration.ZERO : client.pinned().getFirst().age();
  }

  static boolean isSilent(Client client) {
    return client.age().compareTo(SILENT) >= 0;
  }

  Rows<Client> rows() {
    return rows;
  }

  StringProperty filter() {
    return filter;
  }

  /// The selected client; null when none is.
  ReadOnlyObjectProperty<@Nullable ClientPresentation> detail() {
    return detail.getReadOnlyProperty();
  }

  ReadOnlyStringProperty title() {
    return title.getReadOnlyProperty();
  }
}
