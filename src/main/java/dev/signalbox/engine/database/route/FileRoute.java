package dev.signalbox.engine.database.route;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.DatabaseSettings.StackFile;
import dev.signalbox.engine.http.Probe;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Each stack has a file that this console writes and its application watches.
///
/// @param addresses JDBC address of each side's database, as the applications reach it, without
///   user and password
public record FileRoute(Map<Colour, StackFile> stacks, Map<Colour, String> addresses, Probe probe)
    implements DatabaseRoute {
  private static final Duration ASK = Duration.ofSeconds(2);

  private StackFile settings(Colour stack) {
    return Objects.requireNonNull(stacks.get(stack));
  }

  private DatabaseFile file(Colour stack) {
    return new DatabaseFile(settings(stack).path());
  }

  @Override
  public long point(Colour stack, long epoch) throws IOException {
    StackFile settings = settings(stack);
    DatabaseFile file = file(stack);
    return file.write(
        new DatabaseTarget(
            stack,
            Objects.requireNonNull(addresses.get(stack)),
            settings.user(),
            file.passwordFile(settings.password())),
        epoch);
  }

  @Override
  public long generation(Colour stack) throws IOException {
    return file(stack).read().map(DatabaseFile.Content::generation).orElse(-1L);
  }

  @Override
  public Optional<Acknowledgement> acknowledgement(Colour stack)
      throws IOException, InterruptedException {
    Optional<URI> address = settings(stack).acknowledge();
    if (address.isEmpty()) {
      return Optional.empty();
    }
    Probe.Answer answer = probe.get(address.get(), ASK);
    return Optional.of(Acknowledgement.of(answer.status(), answer.body()));
  }
}
