package dev.freshet.tests.random;

import dev.freshet.tests.random.query.QueryText;
import java.util.ArrayList;
import java.util.List;

/// What was done in a random world, as a fixture that does it again.
final class Script {
  private final List<String> parts = new ArrayList<>();

  void comment(String text) {
    parts.add("# " + text.replaceAll("\\s*\\R\\s*", "\n# "));
  }

  void setup(List<String> statements) {
    parts.add("setup\n" + String.join(";\n", statements));
  }

  void apply(RandomView view, QueryText text, String file) {
    if (!text.views().isEmpty()) {
      setup(text.views());
    }
    parts.add("apply\n" + file);
    if (!text.determined()) {
      parts.add("undetermined " + view.name());
    }
  }

  void transaction(List<String> statements) {
    parts.add("step\n" + (statements.size() == 1 ? statements.getFirst() : inBlock(statements)));
  }

  private static String inBlock(List<String> statements) {
    return "BEGIN;\n" + String.join(";\n", statements) + ";\nCOMMIT";
  }

  void open(List<String> statements) {
    parts.add("session other: step\nBEGIN;\n" + String.join(";\n", statements));
  }

  void sabotage(String sql) {
    transaction(List.of(sql));
    parts.add("fresh");
  }

  void inOtherSession(String sql) {
    parts.add("session other: step\n" + sql);
  }

  void refresh(String view, String strategy) {
    parts.add("refresh %s strategy=%s".formatted(view, strategy));
  }

  /// The strategy of the latest refresh must be this one.
  void expectStrategy(String strategy) {
    parts.add(
        """
        step
        DO $$
        DECLARE
          latest freshet.refresh_history := (SELECT h FROM freshet.refresh_history h ORDER BY id DESC LIMIT 1);
        BEGIN
          ASSERT latest.strategy = '%s', latest.reason;
        END
        $$\
        """
            .formatted(strategy));
  }

  String text() {
    return String.join("\n\n", parts) + "\n";
  }
}
