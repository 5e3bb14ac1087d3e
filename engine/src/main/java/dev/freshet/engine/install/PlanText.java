package dev.freshet.engine.install;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import dev.freshet.Plan;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.OptionSetting;
import dev.freshet.engine.catalog.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Shows changes to people: one line of summary, and the difference as a unified diff.
public final class PlanText {
  private PlanText() {}

  static Plan.Step step(Session session, Change change) {
    String view = change.view().sql();
    return switch (change) {
      case Change.Create(var name, DeclaredView declared, Canonical canonical) ->
          new Plan.Step(
              view,
              Plan.Action.CREATE,
              "create materialized view " + view,
              prefixed("+", lines(declared, canonical.indexes())),
              text(declared));
      case Change.Replace(
              var name,
              DeclaredView declared,
              ExistingView existing,
              var canonical,
              String why) ->
          new Plan.Step(
              view,
              Plan.Action.REPLACE,
              "replace materialized view "
                  + view
                  + ": "
                  + why
                  + "; the old content serves until then",
              diff(
                  lines(session, existing),
                  lines(declared, canonical.map(Canonical::indexes).orElse(Map.of()))),
              text(declared));
      case Change.Alter(var name, DeclaredView declared, ExistingView existing, var details) ->
          new Plan.Step(
              view,
              action(details.getFirst()),
              "alter materialized view " + view + ", without a rebuild",
              details(declared, existing, details),
              text(declared));
      case Change.Drop(var name, ExistingView existing) ->
          new Plan.Step(
              view,
              Plan.Action.DROP,
              "drop materialized view " + view + ": it is gone from the files",
              prefixed("-", lines(session, existing)),
              "");
    };
  }

  private static Plan.Action action(Change.Detail detail) {
    return switch (detail) {
      case Change.Detail.Options() -> Plan.Action.OPTIONS;
      case Change.Detail.AddIndex add -> Plan.Action.INDEX;
      case Change.Detail.DropIndex drop -> Plan.Action.INDEX;
      case Change.Detail.Grant grant -> Plan.Action.GRANT;
      case Change.Detail.Comment comment -> Plan.Action.COMMENT;
      case Change.Detail.Owner owner -> Plan.Action.OWNER;
    };
  }

  private static List<String> details(
      DeclaredView declared, ExistingView existing, List<Change.Detail> details) {
    List<String> lines = new ArrayList<>();
    for (Change.Detail detail : details) {
      switch (detail) {
        case Change.Detail.Options() ->
            lines.addAll(diff(options(existing.options()), options(CatalogRows.options(declared))));
        case Change.Detail.AddIndex(String name, String definition) ->
            lines.add("+" + index(name, definition));
        case Change.Detail.DropIndex(String name, String definition) ->
            lines.add("-" + index(existing.declaredName(name), definition));
        case Change.Detail.Grant(String statement) -> lines.add("+" + statement);
        case Change.Detail.Comment(String statement) -> lines.add("+" + statement);
        case Change.Detail.Owner(String from, String to) -> {
          lines.add("-owner " + from);
          lines.add("+owner " + to);
        }
      }
    }
    return lines;
  }

  private static List<String> options(Map<String, String> options) {
    return new TreeMap<>(options)
        .entrySet().stream()
            .map(o -> OptionSetting.of("freshet." + o.getKey(), o.getValue()).sql())
            .toList();
  }

  private static List<String> lines(DeclaredView declared, Map<String, String> indexes) {
    List<String> lines = new ArrayList<>(options(CatalogRows.options(declared)));
    lines.addAll(query(declared.view().query().text()));
    indexes.forEach((name, definition) -> lines.add(index(name, definition)));
    return lines;
  }

  private static List<String> lines(Session session, ExistingView existing) {
    List<String> lines = new ArrayList<>(options(existing.options()));
    lines.addAll(
        query(
            session.one(
                "SELECT query FROM freshet.materialized_views WHERE id = ?",
                row -> row.getString(1),
                existing.id())));
    existing
        .indexes()
        .forEach((name, definition) -> lines.add(index(existing.declaredName(name), definition)));
    return lines;
  }

  private static List<String> query(String text) {
    return text.strip().lines().map(String::stripTrailing).toList();
  }

  private static String index(String name, String definition) {
    return "index " + name + " USING " + definition;
  }

  private static String text(DeclaredView declared) {
    return declared.view().query().text();
  }

  private static List<String> diff(List<String> before, List<String> after) {
    List<String> unified =
        UnifiedDiffUtils.generateUnifiedDiff("", "", before, DiffUtils.diff(before, after), 3);
    return unified.stream()
        .filter(line -> !line.startsWith("---") && !line.startsWith("+++"))
        .toList();
  }

  private static List<String> prefixed(String sign, List<String> lines) {
    return lines.stream().map(line -> sign + line).toList();
  }
}
