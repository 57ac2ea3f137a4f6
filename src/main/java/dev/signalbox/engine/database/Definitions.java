package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.replication.Channel;
import dev.signalbox.engine.database.replication.Publication;
import dev.signalbox.engine.database.replication.Subscription;
import java.sql.Connection;
import java.sql.SQLException;

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
  static void published(Connection c, Channel channel) throws SQLException {
    Fencing.remember(c, PUBLICATION, Publication.definition(c, channel));
  }

  /// In the transaction that creates the subscription.
  static void subscribed(Connection c, Channel channel) throws SQLException {
    Fencing.remember(c, SUBSCRIPTION, Subscription.definition(c, channel));
  }

  static void forgetPublication(Connection c) throws SQLException {
    Fencing.forget(c, PUBLICATION);
  }

  static void forgetSubscription(Connection c) throws SQLException {
    Fencing.forget(c, SUBSCRIPTION);
  }

  /// @param c on the server of `colour`
  static Definitions look(Connection c, DatabasePair pair, Colour colour) throws SQLException {
    Channel out = pair.from(colour);
    Channel in = pair.from(colour.other());
    return new Definitions(
        altered(c, PUBLICATION, colour, out, Publication.definition(c, out)),
        altered(c, SUBSCRIPTION, colour, in, Subscription.definition(c, in)));
  }

  private static String altered(
      Connection c, String what, Colour colour, Channel channel, String now) throws SQLException {
    String made = Fencing.value(c, what);
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
