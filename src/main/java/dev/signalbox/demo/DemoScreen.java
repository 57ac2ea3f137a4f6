package dev.signalbox.demo;

import dev.signalbox.demo.load.Counts;
import dev.signalbox.demo.load.Receipt;
import dev.signalbox.demo.query.QueryCounts;
import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Shows a demo in the terminal: each event as it is journalled, and a line of figures a second. As
/// text for a person, or as one JSON object a line. Thread-safe.
public final class DemoScreen {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

  private static final String UNKNOWN = "unknown";

  private final PrintWriter out;
  private final boolean json;
  private long shown;

  /// The receipt is the last word.
  private boolean over;

  public DemoScreen(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /// A sentence.
  public synchronized void tell(String text) {
    if (over) {
      return;
    }
    if (json) {
      object("note", Map.of("text", text));
    } else {
      out.println("  " + text);
    }
    out.flush();
  }

  /// Events that were not shown yet.
  synchronized void events(Engine engine) {
    if (over) {
      return;
    }
    for (EngineEvent event : engine.events(shown, 1000)) {
      shown = event.sequence();
      if (json) {
        object("event", fields(event));
      } else if (worthALine(event.kind())) {
        out.println(TIME.format(event.at()) + "  " + event.text());
      }
    }
    out.flush();
  }

  /// As the other commands write it.
  private static Map<String, Object> fields(EngineEvent event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("sequence", event.sequence());
    fields.put("at", event.at().toString());
    fields.put("release", event.release());
    fields.put("epoch", event.epoch());
    fields.put("actor", event.actor());
    fields.put("kind", word(event.kind()));
    fields.put("phase", word(event.phase()));
    fields.put("step", event.step());
    fields.put("text", event.text());
    return fields;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// A person need not read the intents: what was done follows.
  private static boolean worthALine(EngineEvent.Kind kind) {
    return switch (kind) {
      case STEP_INTENT, UNDO_INTENT, GATE, COMMAND, LEASE_TAKEN -> false;
      case RELEASE_STARTED,
          PHASE_STARTED,
          PHASE_DONE,
          STEP_DONE,
          STEP_FAILED,
          UNDO_DONE,
          UNDO_FAILED,
          MOVE_STARTED,
          MOVE_DONE,
          MOVE_PROVEN,
          MOVE_UNDONE,
          HOLDING,
          GIVE_UP_STARTED,
          NOTE,
          RELEASE_ENDED ->
          true;
    };
  }

  /// One line of figures.
  synchronized void figures(EngineSnapshot snapshot, Counts counts, QueryCounts queries) {
    if (over) {
      return;
    }
    String live = snapshot.live() == null ? null : snapshot.live().id();
    Long blue = rate(snapshot.application(), Colour.BLUE);
    Long green = rate(snapshot.application(), Colour.GREEN);
    double longest = millis(counts.longest());
    DatabaseView database = snapshot.database();
    Duration lag = database == null ? null : database.replication().forward().lag();
    if (json) {
      Map<String, @Nullable Object> figures = new LinkedHashMap<>();
      figures.put("live", live);
      figures.put("requests", counts.requests());
      figures.put("failed", counts.failed());
      figures.put("maxWaitMs", longest);
      figures.put("bluePerSecond", blue);
      figures.put("greenPerSecond", green);
      figures.put("lagMs", lag == null ? null : millis(lag));
      figures.put("queries", queries.queries());
      figures.put("queriesFailed", queries.failed() + queries.wrong());
      figures.put("queriesOpen", queries.open());
      object("figures", figures);
    } else {
      out.println(
          String.format(
              Locale.ROOT,
              "%s  live %-7s  blue %7s  green %7s  lag %s  %,d requests, %,d failed, longest"
                  + " wait %,.1f ms  %,d queries, %,d failed, %,d open",
              TIME.format(snapshot.at()),
              live == null ? UNKNOWN : live,
              blue == null ? UNKNOWN : blue + "/s",
              green == null ? UNKNOWN : green + "/s",
              lag == null ? UNKNOWN : String.format(Locale.ROOT, "%,.1f ms", millis(lag)),
              counts.requests(),
              counts.failed(),
              longest,
              queries.queries(),
              queries.failed() + queries.wrong(),
              queries.open()));
    }
    out.flush();
  }

  /// To a tenth.
  private static double millis(Duration duration) {
    return Math.round(duration.toNanos() / 1e5) / 10.0;
  }

  /// Requests a second; null when the entry is not seen.
  private static @Nullable Long rate(@Nullable ApplicationView view, Colour colour) {
    ApplicationView.Traffic traffic = view == null ? null : view.router().traffic().get(colour);
    return traffic == null ? null : Math.round(traffic.requestsPerSecond());
  }

  /// A switch and what the client felt of it.
  synchronized void switched(int number, Receipt.Switch line) {
    if (over) {
      return;
    }
    if (!json) {
      out.println(
          "  switch "
              + number
              + " "
              + line.from()
              + " → "
              + line.to()
              + ": longest wait "
              + line.stallMs()
              + " ms, "
              + line.failed()
              + " failed, "
              + line.lost()
              + " lost, "
              + line.duplicated()
              + " duplicated");
      out.flush();
    }
  }

  /// The last line.
  public synchronized void receipt(Receipt receipt) {
    over = true;
    if (json) {
      out.println(receipt.toJson());
    } else {
      Receipt.Totals t = receipt.totals();
      out.println();
      out.println("  Receipt");
      Receipt.Load load = receipt.load();
      out.printf(Locale.ROOT, "  requests/s %,12d%s%n", load.rate(), lowered(load));
      out.printf(Locale.ROOT, "  requests   %,12d%n", t.requests());
      out.printf(Locale.ROOT, "  failed     %,12d%n", t.failed());
      out.printf(Locale.ROOT, "  lost       %,12d%n", t.lost());
      out.printf(Locale.ROOT, "  duplicated %,12d%n", t.duplicated());
      out.printf(Locale.ROOT, "  resets     %,12d%n", t.resets());
      out.printf(Locale.ROOT, "  longest wait %,10.1f ms%n", t.maxWaitMs());
      List<Receipt.Switch> switches = receipt.switches();
      if (switches != null) {
        out.printf(Locale.ROOT, "  switches   %,12d%n", switches.size());
      }
      QueryCounts q = receipt.queries();
      out.printf(
          Locale.ROOT,
          "  queries    %,12d, %d failed, %d wrong, %d left open%n",
          q.queries(),
          q.failed(),
          q.wrong(),
          q.open());
      out.printf(
          Locale.ROOT,
          "  warm-up    %,12d requests, %d failed: not counted%s%n",
          load.warmUpRequests(),
          load.warmUpFailed(),
          load.steady() ? "" : "; the service was not steady after it");
    }
    out.flush();
  }

  private static String lowered(Receipt.Load load) {
    if (load.rate() == load.asked()) {
      return "";
    }
    String asked = String.format(Locale.ROOT, " of %,d", load.asked());
    return load.carried() == null
        ? asked
        : asked + String.format(Locale.ROOT, ": this machine carries about %,d", load.carried());
  }

  private void object(String type, Map<String, ? extends @Nullable Object> fields) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("type", type);
    object.putAll(fields);
    out.println(JSON.writeValueAsString(object));
  }
}
