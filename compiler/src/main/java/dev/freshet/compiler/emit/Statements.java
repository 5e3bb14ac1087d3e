package dev.freshet.compiler.emit;

import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.sql.Quote;
import java.util.ArrayList;
import java.util.List;

/// The body of a plpgsql function under construction. Each statement is planned when it runs, since
/// staged rows differ in number from refresh to refresh.
final class Statements {
  private final StringBuilder body = new StringBuilder();

  void comment(String text) {
    body.append("  -- ").append(Quote.comment(text)).append('\n');
  }

  void line(String text) {
    body.append("  ").append(text).append('\n');
  }

  /// Runs a statement if the condition holds; an empty one always does.
  ///
  /// @param parts strings, [Staging.Choice]s and [Staging.Half]s, in order
  /// @param after what follows EXECUTE's text, such as `USING since, own`
  void execute(String condition, List<Object> parts, String after) {
    if (condition.isEmpty()) {
      body.append(run(parts, after));
      return;
    }
    body.append("  IF ").append(condition).append(" THEN\n");
    body.append(run(parts, after)).append("  END IF;\n");
  }

  void execute(String condition, String statement) {
    execute(condition, List.of(statement), "");
  }

  /// As above, and adds the number of rows to variables.
  void count(String condition, List<Object> parts, String after, String... variables) {
    body.append(condition.isEmpty() ? "" : "  IF " + condition + " THEN\n");
    body.append(run(parts, after));
    body.append("  GET DIAGNOSTICS touched = ROW_COUNT;\n");
    for (String variable : variables) {
      body.append("  %s := %s + touched;\n".formatted(variable, variable));
    }
    body.append(condition.isEmpty() ? "" : "  END IF;\n");
  }

  private static String run(List<Object> parts, String after) {
    return "    EXECUTE " + text(parts) + after + ";\n";
  }

  static List<Object> concat(String first, List<Object> rest) {
    List<Object> parts = new ArrayList<>();
    parts.add(first);
    parts.addAll(rest);
    return parts;
  }

  private static String text(List<Object> parts) {
    List<String> texts = new ArrayList<>();
    StringBuilder plain = new StringBuilder();
    for (Object part : parts) {
      String choice = choice(part);
      if (choice.isEmpty()) {
        plain.append(part);
      } else {
        texts.add(quoted(plain.toString()));
        plain.setLength(0);
        texts.add(choice);
      }
    }
    texts.add(quoted(plain.toString()));
    return texts.size() == 1 ? texts.getFirst() : "concat(" + String.join(",\n      ", texts) + ")";
  }

  /// An expression that gives one of two texts; empty if the part is text.
  private static String choice(Object part) {
    return switch (part) {
      case Staging.Choice(Delta delta, String then, String otherwise) ->
          choice(StagingTables.count(delta) + " > 0", then, otherwise);
      case Staging.Half(int place, Delta delta, String then, String otherwise) ->
          choice(StagingTables.isFirst(place), then, otherwise);
      default -> "";
    };
  }

  private static String choice(String condition, String then, String otherwise) {
    return "CASE WHEN %s THEN %s ELSE %s END".formatted(condition, quoted(then), quoted(otherwise));
  }

  /// Dollar quotes that the text does not end.
  static String quoted(String text) {
    if (text.endsWith("$")) {
      return Quote.literal(text);
    }
    String tag = "$s$";
    for (int i = 1; text.contains(tag); i++) {
      tag = "$s" + i + "$";
    }
    return tag + text + tag;
  }

  String text() {
    return body.toString();
  }
}
