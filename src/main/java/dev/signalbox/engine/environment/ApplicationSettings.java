package dev.signalbox.engine.environment;

import dev.signalbox.engine.Colour;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The application plane of an environment.
public record ApplicationSettings(
    HealthSettings health, RouterSettings router, Map<Colour, StackSettings> stacks) {
  /// @param interval between checks; 100 ms to 60 s
  /// @param timeout of one check; 50 ms to 60 s
  /// @param rise successes in a row until healthy; 1 to 10
  /// @param fall failures in a row until unhealthy; 1 to 10
  public record HealthSettings(Duration interval, Duration timeout, int rise, int fall) {
    public static HealthSettings defaults() {
      SettingsSchema schema = EnvironmentFile.SETTINGS;
      return new HealthSettings(
          schema.usualDuration("/application/health/interval"),
          schema.usualDuration("/application/health/timeout"),
          schema.usualNumber("/application/health/rise"),
          schema.usualNumber("/application/health/fall"));
    }
  }

  /// What sends requests to one stack or the other. A kind of router is a record of its own; the
  /// compiler then names the places that must know it.
  public sealed interface RouterSettings {
    /// Where clients reach the service.
    URI address();

    /// The embedded entry.
    ///
    /// @param control where the console reaches the entry's control interface; loopback
    /// @param token of the control interface
    record Entry(URI address, URI control, SecretSource token) implements RouterSettings {}
  }

  /// One stack.
  ///
  /// @param endpoints what is checked
  /// @param processes what the console starts when it deploys this stack; empty when something else
  ///   runs it
  public record StackSettings(List<EndpointSettings> endpoints, List<ProcessSettings> processes) {}

  /// @param checks paths that must answer 200; the first one also proves through the router that
  ///   traffic arrives
  /// @param warmUp paths that are asked just before traffic comes, one after the other, and must
  ///   answer 200; may be empty
  public record EndpointSettings(
      String name, URI address, List<String> checks, List<String> warmUp) {}

  /// @param folder where it runs; its pid and log files are kept there too
  public record ProcessSettings(
      String name, List<String> command, Map<String, String> variables, Path folder) {}
}
