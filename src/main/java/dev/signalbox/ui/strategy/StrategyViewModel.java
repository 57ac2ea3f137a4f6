package dev.signalbox.ui.strategy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.ui.fx.Age;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.order.Orders;
import java.time.Instant;
import java.util.List;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;

/// The Strategy screen without its nodes. While another screen is open it only remembers the newest
/// state.
public final class StrategyViewModel {
  private final QueriesViewModel queries;
  private final FleetViewModel fleet = new FleetViewModel();
  private final ObjectProperty<@Nullable ClusterPresentation> cluster =
      new SimpleObjectProperty<>();
  private final ObjectProperty<ClientsPresentation> clients =
      new SimpleObjectProperty<>(ClientsPresentation.NONE);
  private final ObjectProperty<@Nullable EnginePresentation> blue = new SimpleObjectProperty<>();
  private final ObjectProperty<@Nullable EnginePresentation> green = new SimpleObjectProperty<>();
  private final ObjectProperty<List<Rate>> rates = new SimpleObjectProperty<>(List.of());
  private final ReadOnlyStringWrapper empty = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper warning = new ReadOnlyStringWrapper("");
  private final ReadOnlyBooleanWrapper stale = new ReadOnlyBooleanWrapper();
  private EngineBridge.@Nullable Update newest;
  private @Nullable StrategyView drawn;
  private boolean open;

  public StrategyViewModel(Orders orders) {
    queries = new QueriesViewModel(orders);
  }

  /// Shows the newest state. JavaFX thread, or the thread of a test.
  public void show(EngineBridge.Update update) {
    newest = update;
    if (!open) {
      return;
    }
    EngineSnapshot state = update.snapshot();
    StrategyView view = state.strategy();
    empty.set(view == null ? Messages.text("strategy.empty") : "");
    if (view != null) {
      // A view is no newer than the snapshot that carries it.
      Instant seen = view.at().isBefore(state.at()) ? view.at() : state.at();
      stale.set(Age.isStale(seen, update.now(), state.pollInterval()));
      warning.set(Age.warning(seen, update.now(), state.pollInterval()));
      draw(view);
      set(rates, Rate.of(view, unknown(view)));
      if (fleet.show(view, update.now())) {
        set(clients, ClientsPresentation.of(view));
      }
    }
    queries.follow(state);
  }

  /// What does not change between two looks at the cluster is not made anew.
  private void draw(StrategyView view) {
    if (view.equals(drawn)) {
      return;
    }
    drawn = view;
    set(cluster, ClusterPresentation.of(view));
    set(blue, EnginePresentation.of(view, Colour.BLUE));
    set(green, EnginePresentation.of(view, Colour.GREEN));
    queries.show(view);
  }

  private String unknown(StrategyView view) {
    return view.reachable() ? warning.get() : Messages.text("strip.silent");
  }

  /// Whether this screen is the one that is seen.
  public void setOpen(boolean isSeen) {
    open = isSeen;
    if (isSeen && newest != null) {
      show(newest);
    }
  }

  /// What the fleet is filtered by; survives a restart.
  public StringProperty filter() {
    return fleet.filter();
  }

  private static <T> void set(ObjectProperty<T> property, T value) {
    if (!value.equals(property.get())) {
      property.set(value);
    }
  }

  QueriesViewModel queries() {
    return queries;
  }

  FleetViewModel fleet() {
    return fleet;
  }

  ReadOnlyObjectProperty<@Nullable ClusterPresentation> cluster() {
    return cluster;
  }

  ReadOnlyObjectProperty<ClientsPresentation> clients() {
    return clients;
  }

  ReadOnlyObjectProperty<@Nullable EnginePresentation> engine(Colour colour) {
    return switch (colour) {
      case BLUE -> blue;
      case GREEN -> green;
    };
  }

  ReadOnlyObjectProperty<List<Rate>> rates() {
    return rates;
  }

  /// Why there is nothing to show, and what to do; empty when there is.
  ReadOnlyStringProperty empty() {
    return empty.getReadOnlyProperty();
  }

  /// How old what is shown is; empty while it is fresh.
  ReadOnlyStringProperty warning() {
    return warning.getReadOnlyProperty();
  }

  ReadOnlyBooleanProperty stale() {
    return stale.getReadOnlyProperty();
  }
}
