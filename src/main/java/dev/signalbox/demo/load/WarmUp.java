package dev.signalbox.demo.load;

import dev.signalbox.demo.load.SteadyState.Next;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Loads a service until it is steady, and from then on counts. Processes that have just started
/// are slow, and a small machine may not carry the rate: neither says anything about a switch.
/// Thread-safe.
public final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  private final OpenLoopClient client;
  private final Duration window;
  private final SteadyState state;
  private volatile LoadRate rate;

  /// @param client that sends nothing yet
  public WarmUp(OpenLoopClient client, int rate) {
    this(client, rate, Duration.ofSeconds(1));
  }

  /// @param window how long the load is looked at before each decision
  WarmUp(OpenLoopClient client, int rate, Duration window) {
    this.client = client;
    this.window = window;
    this.state = new SteadyState(rate);
    this.rate = state.rate();
  }

  /// As known now.
  public LoadRate rate() {
    return rate;
  }

  /// Returns once the client counts, or with what is wrong with the service.
  ///
  /// @throws InterruptedException also when the load was ended meanwhile
  public Optional<String> run(Consumer<String> tell) throws InterruptedException {
    client.send(rate.rate());
    var _ = client.window();
    while (true) {
      Thread.sleep(window);
      if (client.isEnding()) {
        throw new InterruptedException("The load was ended while it warmed up");
      }
      LoadWindow seen = client.window();
      Next next = state.judge(seen);
      rate = state.rate();
      LOG.debug("{} at {}: {}", next, rate, seen);
      switch (next) {
        case GO_ON -> {}
        case PAUSE -> client.pause();
        case SEND -> client.send(rate.rate());
        case BEGIN -> {
          client.count();
          tell.accept(rate.sentence());
          return Optional.empty();
        }
        case GIVE_UP -> {
          return Optional.of(problem());
        }
      }
    }
  }

  private String problem() {
    Counts counts = client.uncounted();
    long others = counts.failed() - counts.resets() - counts.refused() - counts.timeouts();
    return String.format(
        Locale.ROOT,
        "The service %s within %d s: of %,d requests that ended %,d failed (%,d refused, %,d broken off, %,d"
            + " without an answer in time, %,d with a wrong one), %,d have not ended, the longest wait"
            + " was %,d ms.",
        counts.failed() == counts.requests() ? "answered nothing" : "did not become steady",
        Math.round(rate.warmUp().toMillis() / 1000.0),
        counts.requests(),
        counts.failed(),
        counts.refused(),
        counts.resets(),
        counts.timeouts(),
        others,
        client.open(),
        counts.longest().toMillis());
  }
}
