package dev.signalbox.cli;

import static dev.signalbox.cli.JsonValues.id;
import static dev.signalbox.cli.JsonValues.known;
import static dev.signalbox.cli.JsonValues.millis;
import static dev.signalbox.cli.JsonValues.word;

import dev.signalbox.engine.AuditReport;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Diagnosis;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Finding;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.MigrationView;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.WayBack;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The shapes that pipelines read, spelled out so that they do not change by renaming something.
/// Durations are milliseconds and end in `Ms`; times are ISO 8601 in UTC; unknown is null.
final class Json {
  private static final JsonNodeFactory MAKE = JsonNodeFactory.instance;

  private Json() {}

  static ObjectNode event(EngineEvent e) {
    return of("event")
        .put("sequence", e.sequence())
        .put("at", e.at().toString())
        .put("release", e.release())
        .put("epoch", e.epoch())
        .put("actor", e.actor())
        .put("kind", word(e.kind()))
        .put("phase", e.release() == 0 ? null : word(e.phase()))
        .put("step", e.step())
        .put("text", e.text());
  }

  static ObjectNode outcome(Outcome outcome) {
    String result =
        switch (outcome) {
          case Outcome.Done ignored -> "done";
          case Outcome.Refused ignored -> "refused";
          case Outcome.Failed ignored -> "failed";
        };
    return of("outcome").put("result", result).put("text", outcome.text());
  }

  static ObjectNode audit(AuditReport report) {
    ObjectNode node =
        of("audit")
            .put("sound", report.sound())
            .put("entries", report.entries())
            .put("beforeTheChain", report.beforeTheChain())
            .put("headSequence", report.headSequence())
            .put("headHash", report.headHash());
    AuditReport.Misfit misfit = report.misfit();
    if (misfit == null) {
      node.putNull("misfit");
    } else {
      node.putObject("misfit").put("sequence", misfit.sequence()).put("what", misfit.what());
    }
    report.notes().forEach(node.putArray("notes")::add);
    report.silent().forEach(node.putArray("silent")::add);
    return node;
  }

  static ObjectNode note(String text) {
    return of("note").put("text", text);
  }

  static ObjectNode vault(List<String> names) {
    ObjectNode node = of("vault");
    ArrayNode array = node.putArray("names");
    names.forEach(array::add);
    return node;
  }

  static ObjectNode error(int code, List<String> problems) {
    ObjectNode node = of("error").put("exitCode", code);
    ArrayNode array = node.putArray("problems");
    problems.forEach(array::add);
    return node;
  }

  static ObjectNode diagnosis(Diagnosis diagnosis) {
    ObjectNode node =
        of("diagnosis")
            .put("database", diagnosis.database().isEmpty() ? null : diagnosis.database())
            .put("fit", diagnosis.fit());
    ArrayNode findings = node.putArray("findings");
    for (Finding finding : diagnosis.findings()) {
      findings
          .addObject()
          .put("blocks", finding.blocks())
          .put("side", finding.where().id())
          .put("sentence", finding.sentence())
          .put("remedy", finding.remedy().isEmpty() ? null : finding.remedy());
    }
    return node;
  }

  static ObjectNode migration(Colour stack, MigrationView m) {
    ObjectNode node =
        of("migration")
            .put("stack", stack.id())
            .put("version", m.version())
            .put("description", m.description())
            .put("state", word(m.state()))
            .put("undoable", m.undoable())
            .put("appliedAt", m.appliedAt() == null ? null : m.appliedAt().toString())
            .put("appliedBy", m.appliedBy());
    return millis(node, "tookMs", m.took()).put("detail", m.detail());
  }

  static ObjectNode status(EngineSnapshot s) {
    ObjectNode node =
        of("status")
            .put("at", s.at().toString())
            .put("environment", s.environment())
            .put("live", id(s.live()));
    ArrayNode silent =
        node.putObject("lease")
            .put("mine", s.lease().mine())
            .put("holder", s.lease().known() ? s.lease().holder() : null)
            .put("epoch", known(s.lease().epoch()))
            .put("majority", s.lease().majority())
            .putArray("silent");
    s.lease().silent().forEach(silent::add);
    s.lease().unasked().forEach(node.withObject("lease").putArray("notAsked")::add);
    boolean read = s.journalReadAt() != null;
    node.put("journalReadAt", read ? String.valueOf(s.journalReadAt()) : null);
    node.set("release", s.release() == null ? MAKE.nullNode() : release(s.release()));
    node.set("database", s.database() == null ? MAKE.nullNode() : PlaneJson.database(s.database()));
    if (s.databases().size() > 1) {
      ObjectNode all = node.putObject("databases");
      s.databases().forEach(one -> all.set(one.id(), PlaneJson.database(one)));
    }
    node.set(
        "application",
        s.application() == null ? MAKE.nullNode() : PlaneJson.application(s.application()));
    node.set("strategy", s.strategy() == null ? MAKE.nullNode() : PlaneJson.strategy(s.strategy()));
    node.set("gates", read ? gates(s.gates()) : MAKE.nullNode());
    ObjectNode levers = node.putObject("levers");
    s.levers()
        .forEach((id, lever) -> {
          Lever there = lever.there();
          levers
              .putObject(word(id))
              .put("free", there instanceof Lever.Free)
              .put("text", there.text())
              .put("wordsToType", there.words());
        });
    node.set("wayBack", wayBack(s.wayBack(), s.release()));
    return node.put("lastEvent", read ? s.lastEvent() : null);
  }

  private static ArrayNode gates(List<GateView> all) {
    ArrayNode gates = MAKE.arrayNode();
    for (GateView gate : all) {
      gates
          .addObject()
          .put("id", gate.id())
          .put("title", gate.title())
          .put("state", word(gate.state()))
          .put("evidence", gate.evidence());
    }
    return gates;
  }

  private static ObjectNode wayBack(WayBack back, @Nullable ReleaseView release) {
    ObjectNode node =
        MAKE.objectNode()
            .put("possible", back.possible())
            .put("to", release == null ? null : back.to().id());
    return millis(node, "estimateMs", back.possible() ? back.estimate() : null)
        .put("writesAtRisk", back.possible() ? known(back.writesAtRisk()) : null)
        .put("evidence", back.evidence())
        .put("wordsToType", back.wordsToType());
  }

  private static ObjectNode release(ReleaseView r) {
    ObjectNode node =
        MAKE.objectNode()
            .put("number", r.number())
            .put("version", r.version())
            .put("origin", r.origin().id())
            .put("target", r.target().id())
            .put("status", StatusWords.word(r.status()))
            .put("detail", StatusWords.detail(r.status()))
            .put("phase", word(r.phase()))
            .put("next", r.next())
            .put("startedAt", r.startedAt().toString())
            .put("endedAt", r.endedAt() == null ? null : r.endedAt().toString());
    ArrayNode phases = node.putArray("phases");
    for (ReleaseView.PhaseView p : r.phases()) {
      ObjectNode phase =
          phases.addObject().put("phase", word(p.phase())).put("state", word(p.state()));
      millis(phase, "tookMs", p.took()).put("detail", p.detail());
    }
    ArrayNode moves = node.putArray("moves");
    for (ReleaseView.MoveView m : r.moves()) {
      ObjectNode move =
          moves
              .addObject()
              .put("from", m.move().from().id())
              .put("to", m.move().to().id())
              .put("result", word(m.result()))
              .put("at", m.at().toString());
      ArrayNode steps = millis(move, "stallMs", m.stall()).putArray("steps");
      m.steps().forEach(s -> millis(steps.addObject().put("id", s.step()), "ms", s.took()));
    }
    return node;
  }

  private static ObjectNode of(String type) {
    return MAKE.objectNode().put("type", type);
  }
}
