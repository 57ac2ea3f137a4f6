package dev.signalbox.cli;

import picocli.CommandLine.Option;

/// Whether a command stays for the watch.
final class WatchOption {
  @Option(
      names = "--no-watch",
      description = {
        "Do not stay until the watch of the new stack is over. Without a resident driver",
        "nobody watches then: traffic does not go back by itself."
      })
  boolean none;

  /// @return what the command does that would stay when it is alone
  DriveCommand.WatchBy watchBy() {
    return none ? DriveCommand.WatchBy.NOBODY : DriveCommand.WatchBy.COMMAND_IF_ALONE;
  }
}
