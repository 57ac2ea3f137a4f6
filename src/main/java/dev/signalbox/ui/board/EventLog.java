package dev.signalbox.ui.board;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.ui.fx.EngineBridge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// The events that the Board shows, and what they told of the steps.
final class EventLog {
  private final ObservableList<EventLine> lines = FXCollections.observableArrayList();
  private final Map<String, String> titles = new HashMap<>();

  ObservableList<EventLine> lines() {
    return lines;
  }

  /// The newest first. What arrives late goes where its number says.
  void add(List<EngineEvent> fresh, Duration budget) {
    nameSteps(fresh);
    if (fresh.isEmpty()) {
      return;
    }
    List<EventLine> added = new ArrayList<>(fresh.size());
    for (EngineEvent event : fresh) {
      added.add(EventLine.of(event, budget));
    }
    if (lines.isEmpty() || added.getFirst().sequence() > lines.getFirst().sequence()) {
      lines.addAll(0, added.reversed());
    } else {
      TreeMap<Long, EventLine> all = new TreeMap<>(Comparator.reverseOrder());
      lines.forEach(line -> all.put(line.sequence(), line));
      added.forEach(line -> all.put(line.sequence(), line));
      lines.setAll(all.values());
    }
    if (lines.size() > EngineBridge.EVENTS) {
      lines.remove(EngineBridge.EVENTS, lines.size());
    }
  }

  /// The state names steps by their id; the event that announced a step says it in words.
  private void nameSteps(List<EngineEvent> fresh) {
    for (EngineEvent event : fresh) {
      if (event.kind() == EngineEvent.Kind.STEP_INTENT) {
        String text = event.text();
        titles.put(event.step(), text.endsWith(".") ? text.substring(0, text.length() - 1) : text);
      }
    }
  }

  /// What a step is called, by its id.
  String title(String step) {
    return titles.getOrDefault(step, step);
  }
}
