package dev.signalbox.engine.database.route;

import dev.signalbox.engine.postgres.Identity;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an application answers on `GET /api/health/db`.
///
/// @param generation of the database file that it uses; -1 when it says none
/// @param problem why it has no database; empty when it has one
/// @param identity as the connection in use says it, asked for this answer; unknown parts are empty
public record Acknowledgement(long generation, Identity identity, String problem) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Never fails: an answer that cannot be understood is one with a problem.
  public static Acknowledgement of(int status, String body) {
    try {
      JsonNode node = JSON.readTree(body);
      JsonNode database = node.path("database");
      Identity identity =
          new Identity(
              database.path("systemIdentifier").asString(""), database.path("name").asString(""));
      long generation = database.path("generation").asLong(-1);
      if (status == 200
          && !identity.systemIdentifier().isEmpty()
          && !identity.database().isEmpty()) {
        return new Acknowledgement(generation, identity, "");
      }
      String said = node.path("problem").asString("");
      return new Acknowledgement(
          generation, identity, said.isEmpty() ? "it answers " + status : said);
    } catch (JacksonException e) {
      return new Acknowledgement(
          -1, new Identity("", ""), "it answers " + status + " with something else than JSON");
    }
  }
}
