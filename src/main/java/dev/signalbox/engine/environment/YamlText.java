package dev.signalbox.engine.environment;

import dev.signalbox.engine.environment.Places.Place;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads YAML into a tree and remembers where everything stands. Hostile input (bombs of aliases,
/// deep nests, other encodings) ends as a problem with a place.
final class YamlText {
  private static final int MAX_DEPTH = 30;
  private static final int MAX_EVENTS = 20_000;

  /// A key that is no word is let through, so that it can be said where it stands.
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setLabel("configuration").setAllowNonScalarKeys(true).build();

  private final Path file;
  private final List<Problem> problems = new ArrayList<>();

  /// @param root null when the text could not be read
  record Parsed(@Nullable JsonNode root, Places places, List<Problem> problems) {}

  private YamlText(Path file) {
    this.file = file;
  }

  static Parsed parse(Path file, byte[] bytes) {
    return new YamlText(file).parse(bytes);
  }

  private Parsed parse(byte[] bytes) {
    CharBuffer decoded = CharBuffer.allocate(bytes.length + 1);
    ByteBuffer input = ByteBuffer.wrap(bytes);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(input, decoded, true);
    String text = decoded.flip().toString();
    if (result.isError()) {
      Places places = new Places(file, text);
      return failed(
          places,
          places.at(
              Places.ofIndex(text, text.length()),
              "The text is not UTF-8 from here on. Save the file in UTF-8."));
    }
    if (text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    Places places = new Places(file, text);
    try {
      Problem hostile = hostile(text, places);
      if (hostile != null) {
        return failed(places, hostile);
      }
      Optional<Node> node = new Compose(SETTINGS).composeString(text);
      JsonNode root =
          node.isPresent() ? convert(node.get(), "", places) : JsonNodeFactory.instance.nullNode();
      return new Parsed(root, places, problems);
    } catch (MarkedYamlEngineException e) {
      Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
      Place place = mark == null ? new Place(0, 0) : new Place(mark.getLine(), mark.getColumn());
      return failed(places, places.at(place, explain(e.getProblem())));
    } catch (ReaderException e) {
      int index =
          text.offsetByCodePoints(
              0, Math.clamp(e.getPosition(), 0, text.codePointCount(0, text.length())));
      return failed(
          places,
          places.at(
              Places.ofIndex(text, index),
              String.format(
                  "The character U+%04X is not allowed here. Remove it.", e.getCodePoint())));
    } catch (YamlEngineException e) {
      return failed(places, places.at(new Place(0, 0), "The file is not YAML that can be read."));
    }
  }

  private static Parsed failed(Places places, Problem problem) {
    return new Parsed(null, places, List.of(problem));
  }

  /// Looks at the stream of events, which costs no more than the text is long, before a tree is
  /// built.
  private static @Nullable Problem hostile(String text, Places places) {
    int depth = 0;
    int events = 0;
    int documents = 0;
    for (Event event : new Parse(SETTINGS).parseString(text)) {
      Place place =
          event
              .getStartMark()
              .map(m -> new Place(m.getLine(), m.getColumn()))
              .orElse(new Place(0, 0));
      switch (event) {
        case AliasEvent ignored -> {
          return places.at(
              place,
              "Aliases (*name) are not used here. Write the value out, in quotes if it is text.");
        }
        case CollectionStartEvent ignored -> depth++;
        case CollectionEndEvent ignored -> depth--;
        case DocumentStartEvent ignored -> documents++;
        default -> {}
      }
      if (documents > 1) {
        return places.at(place, "A second document begins here. Keep one document in one file.");
      }
      if (depth > MAX_DEPTH || ++events > MAX_EVENTS) {
        return places.at(
            place, "The file is nested too deeply or too large from here on. Make it smaller.");
      }
    }
    return null;
  }

  /// Only sentences of our own: the parser's may repeat what stands there, which may be a secret.
  private static String explain(@Nullable String problem) {
    String p = problem == null ? "" : problem;
    if (p.contains("TAB") || p.contains("'\\t'")) {
      return "A tab stands here, which YAML does not allow for indentation. Use spaces.";
    }
    if (p.contains("mapping values are not allowed")) {
      return "A ':' is not expected here. Check the indentation, and put text that contains ': ' in quotes.";
    }
    if (p.contains("could not find expected ':'") || p.contains("expected ':'")) {
      return "A ':' is missing after a key, here or just above.";
    }
    if (p.contains("end of stream") || p.contains("<stream end>")) {
      return "The file ends too early: a quote, a bracket or a brace is not closed.";
    }
    if (p.contains("expected <block end>") || p.contains("expected ',' or")) {
      return "This does not belong here. Check the indentation, commas and brackets just above.";
    }
    return "The YAML is not well formed here. Check quotes, brackets and indentation.";
  }

  private JsonNode convert(Node node, String pointer, Places places) {
    Place place = place(node);
    places.value(pointer, place);
    JsonNodeFactory make = JsonNodeFactory.instance;
    return switch (node) {
      case MappingNode mapping -> {
        ObjectNode object = make.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
          if (!(entry.getKeyNode() instanceof ScalarNode key)) {
            problems.add(
                places.at(
                    place(entry.getKeyNode()),
                    "A list or a mapping stands here as a key. Write one word in its place, in"
                        + " quotes if it begins with '[' or '{'."));
            continue;
          }
          String child = Places.child(pointer, key.getValue());
          if (object.has(key.getValue())) {
            problems.add(
                places.at(
                    place(key),
                    "'"
                        + Places.spoken(child)
                        + "' stands here a second time. Remove one of them."));
            continue;
          }
          places.key(child, place(key));
          object.set(key.getValue(), convert(entry.getValueNode(), child, places));
        }
        yield object;
      }
      case SequenceNode sequence -> {
        ArrayNode array = make.arrayNode();
        for (Node element : sequence.getValue()) {
          array.add(convert(element, pointer + "/" + array.size(), places));
        }
        yield array;
      }
      case ScalarNode scalar ->
          scalar(
              scalar,
              places.atValue(
                  pointer, "A tag (!…) is not used here. Remove it, or put the text in quotes."));
      default -> throw new IllegalStateException("an alias was let through");
    };
  }

  private JsonNode scalar(ScalarNode scalar, Problem strangeTag) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    Tag tag = scalar.getTag();
    String text = scalar.getValue();
    if (tag.equals(Tag.NULL)) {
      return make.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return make.booleanNode(text.equals("true"));
    }
    // An explicit tag ('!!int x') may stand before anything: then it is text after all.
    if (tag.equals(Tag.INT) && text.matches("-?[0-9]{1,40}")) {
      return make.numberNode(new BigInteger(text));
    }
    if (tag.equals(Tag.FLOAT) && text.matches("-?[0-9]{1,40}\\.[0-9]{1,40}")) {
      return make.numberNode(new BigDecimal(text));
    }
    if (!tag.equals(Tag.STR) && !tag.equals(Tag.INT) && !tag.equals(Tag.FLOAT)) {
      problems.add(strangeTag);
    }
    return make.stringNode(text);
  }

  private static Place place(Node node) {
    return node.getStartMark()
        .map(mark -> new Place(mark.getLine(), mark.getColumn()))
        .orElse(new Place(0, 0));
  }
}
