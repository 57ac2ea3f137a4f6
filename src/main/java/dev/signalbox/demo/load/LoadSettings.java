package dev.signalbox.demo.load;

import java.net.URI;
import java.time.Duration;

/// How the client loads the service.
///
/// @param target the entry, for example `http://127.0.0.1:8080`
/// @param rate requests a second, evenly spaced; above 0 to 10,000
/// @param accounts the service has accounts 1 to this; at least 2
/// @param writeShare of requests that move money; 0 to 1
/// @param pageShare of requests for the page; 0 to 1, the rest reads an account
/// @param freshShare of requests on a connection of their own; 0 to 1
/// @param timeout after which a request counts as failed; from its sending
/// @param seed of the choices
public record LoadSettings(
    URI target,
    double rate,
    int accounts,
    double writeShare,
    double pageShare,
    double freshShare,
    Duration timeout,
    long seed) {
  public LoadSettings {
    if (!(rate > 0 && rate <= 10_000)) {
      throw new IllegalArgumentException(
          "The rate must be above 0 and at most 10,000, not " + rate);
    }
    if (accounts < 2) {
      throw new IllegalArgumentException(
          "Money moves between at least 2 accounts, not " + accounts);
    }
    if (writeShare < 0 || pageShare < 0 || writeShare + pageShare > 1) {
      throw new IllegalArgumentException("The shares of writes and pages must be within 0 and 1");
    }
  }

  /// A third writes, a twentieth pages, a tenth on fresh connections, 10 s timeout.
  public static LoadSettings of(URI target, double rate, int accounts) {
    return new LoadSettings(target, rate, accounts, 0.33, 0.05, 0.10, Duration.ofSeconds(10), 1);
  }
}
