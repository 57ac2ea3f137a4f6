package dev.signalbox.engine.database.replication;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.pair.PlaneValues;
import dev.signalbox.engine.database.sync.Channel;
import org.jdbi.v3.core.Handle;

/// What the publication and the subscription of a side were made as. Who has the right may change
/// them by hand: then replication runs on without an error, lags by nothing, and leaves rows out.
final class Definitions {
  private static final String PUBLICATION = "publication";
  private static final String SUBSCRIPTION = "subscription";

  private Definitions() {}

  /// In the transaction that creates the publication.
  static void published(Handle h, Channel channel) {
    PlaneValues.remember(h, PUBLICATION, Publication.definition(h, channel));
  }

  /// In the transaction that creates the subscription.
  static void subscribed(Handle h, Channel channel) {
    PlaneValues.remember(h, SUBSCRIPTION, Subscription.definition(h, channel));
  }

  static void forgetPublication(Handle h) {
    PlaneValues.forget(h, PUBLICATION);
  }

  static void forgetSubscription(Handle h) {
    PlaneValues.forget(h, SUBSCRIPTION);
  }

  /// What was changed of a publication, in a sentence; empty when it is as it was made, or was not
  /// made yet.
  ///
  /// @param h on the server that sends
  static String publicationAltered(Handle h, Channel channel) {
    return altered(h, PUBLICATION, channel.from(), channel, Publication.definition(h, channel));
  }

  /// The same of a subscription.
  ///
  /// @param h on the server that takes
  static String subscriptionAltered(Handle h, Channel channel) {
    return altered(h, SUBSCRIPTION, channel.to(), channel, Subscription.definition(h, channel));
  }

  private static String altered(Handle h, String what, Colour colour, Channel channel, String now) {
    String made = PlaneValues.value(h, what);
    return made.isEmpty() || made.equals(now)
        ? ""
        : "The "
            + what
            + " "
            + channel.name()
            + " on "
            + colour
            + (now.isEmpty() ? " was dropped" : " was changed")
            + " after it was made, so rows of "
            + channel.from()
            + " may be missing on "
            + channel.to()
            + ".";
  }
}
