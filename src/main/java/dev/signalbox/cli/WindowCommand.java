package dev.signalbox.cli;

import picocli.CommandLine.Mixin;

/// `signalbox window`.
@picocli.CommandLine.Command(
    name = "window",
    mixinStandardHelpOptions = true,
    description = "Open the window on an environment.")
final class WindowCommand extends BaseCommand {
  @Mixin FileOption file = new FileOption();

  WindowCommand(Services services, Terminal terminal) {
    super(services, terminal);
  }

  @Override
  boolean stays() {
    return true;
  }

  @Override
  int run(Output output) throws Exception {
    return services.window().open(file.path);
  }
}
