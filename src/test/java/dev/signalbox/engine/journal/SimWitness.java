package dev.signalbox.engine.journal;

import dev.signalbox.engine.release.Witness;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/// The claim that a simulated witness keeps, by the rules of [Witness].
public final class SimWitness {
  private final Supplier<Instant> now;
  private long epoch;
  private String holder = "";
  private String name = "";
  private Instant expires = Instant.EPOCH;

  public SimWitness(Supplier<Instant> now) {
    this.now = now;
  }

  private Witness.Claim answer(boolean granted) {
    Instant at = now.get();
    return new Witness.Claim(
        granted,
        epoch,
        holder,
        name,
        at.isBefore(expires) ? Duration.between(at, expires) : Duration.ZERO);
  }

  private boolean alive() {
    return now.get().isBefore(expires);
  }

  private Witness.Claim claimed(boolean free, long under, String who, String named, Duration ttl) {
    if (free) {
      epoch = under;
      holder = who;
      name = named;
      expires = now.get().plus(ttl);
    }
    return answer(free);
  }

  /// As one console reaches it.
  Witness over(SimLine line, SimTime time, boolean grantsAll) {
    return new Witness() {
      private <T> T call(String operation, Supplier<T> work) throws IOException {
        switch (line.fate(operation)) {
          case ANSWERS -> {
            return work.get();
          }
          case ANSWER_LOST, ACTS_LATE -> throw new IOException("lost: " + work.get());
          case REFUSED, HANGS -> {}
        }
        throw new IOException("the entry does not answer");
      }

      @Override
      public String name() {
        return "the entry";
      }

      @Override
      public Claim look() throws IOException {
        return call("look", () -> answer(true));
      }

      @Override
      public Claim claim(long under, String who, String named, Duration ttl, boolean force)
          throws IOException {
        time.pause();
        return call(
            "take",
            () ->
                claimed(
                    grantsAll || (under > epoch && (force || !alive() || holder.equals(who))),
                    under,
                    who,
                    named,
                    ttl));
      }

      @Override
      public Claim renew(long under, String who, String named, Duration ttl) throws IOException {
        time.pause();
        return call(
            "renew",
            () ->
                claimed(
                    grantsAll
                        || under > epoch
                        || (under == epoch && (holder.equals(who) || !alive())),
                    under,
                    who,
                    named,
                    ttl));
      }

      @Override
      public void release(long under, String who) throws IOException {
        boolean _ =
            call(
                "release",
                () -> {
                  if (epoch == under && holder.equals(who)) {
                    expires = Instant.EPOCH;
                  }
                  return true;
                });
      }

      @Override
      public boolean takesConnections() {
        return line.fate("connect") != SimLine.Fate.REFUSED;
      }

      @Override
      public void close() {}
    };
  }
}
