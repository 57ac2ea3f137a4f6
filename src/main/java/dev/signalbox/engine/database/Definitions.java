package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.replication.Channel;
import dev.signalbox.engine.database.replication.Publication;
import dev.signalbox.engine.database.replication.Subscription;
import org.jdbi.v3.core.Handle;

/// What the publication and the subscription of a side were made as. Who has the right may change
/// them by hand: then replication runs on without an error, lags by nothing, and leaves rows out.
///
/// @param sending what was changed of the publication of this side, in a sentence; empty when it is
///   as it was made, or was not made yet
/// @param receiving the same for its subscription
record Definitions(String sending, String receiving) {
  static final Definitions AS_MADE = new Definitions("", "");

  private static final String PUBLICATION = "publication";
  private static final String SUBSCRIPTION = "subscription";

  /// What was changed of a direction, in a sentence; empty when it is as it was made.
  ///
  /// @param receiver the definitions of the side that takes what this one sends
  String altered(Definitions receiver) {
    return sending.isEmpty() ? receiver.receiving : sending;
  }

  /// In the transaction that creates the publication.
  static void published(Handle h, Channel channel) {
    Fencing.remember(h, PUBLICATION, Publication.definition(h, channel));
  }

  /// In the transaction that creates the subscription.
  static void subscribed(Handle h, Channel channel) {
    Fencing.remember(h, SUBSCRIPTION, Subscription.definition(h, channel));
  }

  static void forgetPublication(Handle h) {
    Fencing.forget(h, PUBLICATION);
  }

  static void forgetSubscription(Handle h) {
    Fencing.forget(h, SUBSCRIPTION);
  }

  /// @param h on the server of `colour`
  static Definitions look(Handle h, DatabasePair pair, Colour colour) {
    Channel out = pair.from(colour);
    Channel in = pair.from(colour.other());
    return new Definitions(
        altered(h, PUBLICATION, colour, out, Publication.definition(h, out)),
        altered(h, SUBSCRIPTION, colour, in, Subscription.definition(h, in)));
  }

  private static String altered(Handle h, String what, Colour colour, Channel channel, String now) {
    String made = Fencing.value(h, what);
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
