package dev.signalbox.engine.journal;

import dev.signalbox.engine.release.Witness;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/// The witness as a voter. What was declared closed it does not keep: the databases do.
final class WitnessVoter implements Voter {
  private final Witness witness;
  private final Together together;
  private final Suspicion suspicion;

  WitnessVoter(Witness witness, Together together) {
    this.witness = witness;
    this.together = together;
    this.suspicion = new Suspicion(together::nanoTime);
  }

  private interface Call<T> {
    T run() throws IOException, InterruptedException;
  }

  private <T> T call(Call<T> call) throws IOException, InterruptedException {
    suspicion.begins();
    try {
      T answer = call.run();
      suspicion.well();
      return answer;
    } catch (IOException e) {
      suspicion.failed();
      throw e;
    } finally {
      suspicion.ends();
    }
  }

  @Override
  public String name() {
    return witness.name();
  }

  @Override
  public boolean suspect() {
    return suspicion.suspect();
  }

  @Override
  public Ballot look() throws IOException, InterruptedException {
    Witness.Claim claim = call(witness::look);
    return new Ballot(
        claim.epoch(),
        claim.holder(),
        claim.name(),
        together.now().plus(claim.left()),
        !claim.left().isZero(),
        Set.of());
  }

  @Override
  public boolean take(Holder holder, long epoch, boolean force, Set<String> closed)
      throws IOException, InterruptedException {
    return call(() ->
            witness.claim(
                epoch, holder.id(), holder.name(), Duration.ofMillis(holder.ttlMillis()), force))
        .granted();
  }

  @Override
  public Renewal renew(Holder holder, long epoch, Set<String> closed)
      throws IOException, InterruptedException {
    Witness.Claim claim =
        call(() ->
            witness.renew(
                epoch, holder.id(), holder.name(), Duration.ofMillis(holder.ttlMillis())));
    if (claim.granted()) {
      return Renewal.RENEWED;
    }
    if (claim.epoch() <= epoch) {
      return Renewal.NOT_COUNTED;
    }
    return claim.holder().equals(holder.id()) ? Renewal.SUPERSEDED : Renewal.DEPOSED;
  }

  @Override
  public void release(Holder holder, long epoch) throws IOException, InterruptedException {
    boolean _ =
        call(() -> {
          witness.release(epoch, holder.id());
          return true;
        });
  }

  @Override
  public boolean isDatabase() {
    return false;
  }

  @Override
  public boolean takesConnections() {
    return witness.takesConnections();
  }

  @Override
  public void close() {
    witness.close();
  }
}
