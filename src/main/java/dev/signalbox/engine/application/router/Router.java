package dev.signalbox.engine.application.router;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.release.DeposedException;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/// What sends requests to one stack or the other. Thread-safe. No call is repeated by itself, and
/// each ends within seconds of its own.
///
/// All commands throw [DeposedException] when the router has obeyed a higher epoch,
/// [RouterRefusedException] when it says no for another reason, and [IOException] when it is not
/// known whether it obeyed: look at [#state] then.
public interface Router extends AutoCloseable {
  /// For a person: one word, as the settings name it.
  String kind();

  /// What it is able to do beyond [#state] and [#route]. What it lacks is told by a gate.
  Set<Can> can();

  /// What it is not able to do.
  default Set<Can> lacks() {
    Set<Can> lacks = EnumSet.allOf(Can.class);
    lacks.removeAll(can());
    return lacks;
  }

  RouterState state() throws IOException, InterruptedException;

  /// Makes `epoch` known, so that lower ones are refused from now on, also by a router that starts
  /// again; and prepares the route to `to`: what a switch would otherwise wait for.
  ///
  /// @param warm requests that a router that can [Can#WARM] sends to that stack at once
  RouterState announce(long epoch, Colour to, int warm) throws IOException, InterruptedException;

  /// Lets requests wait from now on, and returns when those in flight are answered, at the latest
  /// after `drain`; [RouterState#inFlight] tells what is still left. Only when it can [Can#HOLD].
  ///
  /// @param longest after which the hold ends by itself; 1 ms to 60 s
  default RouterState hold(long epoch, Duration longest, Duration drain)
      throws IOException, InterruptedException {
    throw new UnsupportedOperationException("The " + kind() + " router cannot hold.");
  }

  /// Sends requests to `to` from now on.
  ///
  /// @param ifGeneration refused when the router is at another one ([RouterRefusedException]): a
  ///   late command finds no victim
  /// @param release whether a hold ends with it
  RouterState route(long epoch, Colour to, long ifGeneration, boolean release)
      throws IOException, InterruptedException;

  /// Ends a hold; requests go where they went before. Only when it can [Can#HOLD].
  default RouterState release(long epoch) throws IOException, InterruptedException {
    throw new UnsupportedOperationException("The " + kind() + " router cannot hold.");
  }

  @Override
  void close();

  /// What a router may be able to do.
  enum Can {
    /// Let requests wait, so that none fails while no side takes writes.
    HOLD("let requests wait"),
    /// Tell how many requests went to each stack.
    COUNT("count the requests of each stack"),
    /// Send requests to a stack that gets no traffic yet.
    WARM("warm a stack up");

    private final String verb;

    Can(String verb) {
      this.verb = verb;
    }

    /// For a sentence, after `can` or `cannot`.
    public String verb() {
      return verb;
    }
  }
}
