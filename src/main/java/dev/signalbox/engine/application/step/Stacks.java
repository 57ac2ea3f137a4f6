package dev.signalbox.engine.application.step;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.application.health.HealthMonitor;
import dev.signalbox.engine.application.router.Router;
import dev.signalbox.engine.application.stack.StackDriver;
import dev.signalbox.engine.environment.ApplicationSettings;
import dev.signalbox.engine.environment.ApplicationSettings.StackSettings;
import dev.signalbox.engine.http.Probe;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/// Both stacks of an environment and the router in front of them, as steps and gates reach them.
/// Thread-safe.
///
/// @param maxHold after which a hold ends by itself
/// @param drain how long a hold waits for requests in flight
/// @param intended told where this console has sent traffic
public record Stacks(
    ApplicationSettings settings,
    Duration maxHold,
    Duration drain,
    Router router,
    StackDriver driver,
    Probe probe,
    Map<Colour, HealthMonitor> monitors,
    Consumer<Colour> intended) {
  /// How long one question of a step may take.
  static final Duration ASK = Duration.ofSeconds(2);

  public StackSettings stack(Colour colour) {
    return Objects.requireNonNull(settings.stacks().get(colour));
  }

  public HealthMonitor monitor(Colour colour) {
    return Objects.requireNonNull(monitors.get(colour));
  }
}
