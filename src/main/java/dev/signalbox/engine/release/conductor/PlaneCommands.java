package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EventPayload.Ordered;
import dev.signalbox.engine.Outcome;
import java.util.regex.Pattern;

/// What an operator may ask of one plane, in or out of a release. Written to the journal before it
/// is done.
///
/// @param environment its name, typed to confirm
record PlaneCommands(String environment, Planes planes) {
  /// It goes into the journal as it is.
  private static final Pattern QUERY_ID = Pattern.compile("[\\p{Graph}]{1,200}");

  /// As long as the plane's timeouts.
  Outcome obey(Command.OnPlane command, ActivityContext context) {
    switch (command) {
      case Command.CancelQuery(String query) -> {
        if (!QUERY_ID.matcher(query).matches()) {
          return new Outcome.Refused(
              "An identifier of a query has 1 to 200 visible characters, as 'signalbox release status'"
                  + " shows it.");
        }
        context.order(Ordered.CANCEL_QUERY, "An operator cancels query " + query + ".");
      }
      case Command.EndSession end ->
          context.order(
              Ordered.END_SESSION,
              "An operator "
                  + (end.terminate() ? "terminates" : "cancels the statement of")
                  + " session "
                  + end.pid()
                  + " on "
                  + end.side()
                  + ".");
      case Command.SuspendCluster(String typedName) -> {
        if (!typedName.equals(environment)) {
          return new Outcome.Refused(
              "A suspended cluster refuses every new query. To confirm, type the name of the"
                  + " environment, '"
                  + environment
                  + "'.");
        }
        context.order(Ordered.SUSPEND_CLUSTER, "An operator suspends the query cluster.");
      }
      case Command.ResumeCluster _ ->
          context.order(
              Ordered.RESUME_CLUSTER, "An operator lets the query cluster take work again.");
    }
    return planes.all().stream()
        .flatMap(plane -> plane.obey(command, context.epoch()).stream())
        .findFirst()
        .orElseGet(() -> new Outcome.Refused("This environment has nothing that could do that."));
  }
}
