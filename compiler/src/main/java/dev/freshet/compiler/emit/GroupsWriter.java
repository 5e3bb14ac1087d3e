package dev.freshet.compiler.emit;

import dev.freshet.compiler.sql.Quote;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes how the touched groups of a view change its storage.
final class GroupsWriter {
  private final ViewShape shape;
  private final GroupStorage storage;
  private final TouchedGroups touched;
  private final Statements body;

  GroupsWriter(ViewShape shape, GroupStorage storage, TouchedGroups touched, Statements body) {
    this.shape = shape;
    this.storage = storage;
    this.touched = touched;
    this.body = body;
  }

  void write(String delta, String changed) {
    String groups = touched.stage(delta, changed);
    String broken = "SELECT count(*) FROM %s g WHERE %s < 0".formatted(groups, GroupStorage.COUNT);
    body.execute(changed, List.of(broken), " INTO STRICT broken");
    body.line("IF broken > 0 THEN");
    body.line("  RAISE EXCEPTION '" + TouchedGroups.BROKEN + "';");
    body.line("END IF;");
    if (!storage.isRecomputed()) {
      add(groups, changed);
    }
    if (touched.isEverDirty()) {
      recompute(groups, changed);
    }
  }

  private void add(String groups, String changed) {
    Map<String, String> columns = storage.fromState();
    boolean global = storage.aggregate.keys().isEmpty();
    body.comment("Groups that have lost all rows, groups that stay, groups that are new.");
    if (!global) {
      body.count(
          changed,
          List.of(
              "DELETE FROM %s t USING %s g WHERE t.ctid = g.freshet$row AND NOT g.freshet$dirty AND g.%s = 0"
                  .formatted(shape.storageTable(), groups, GroupStorage.COUNT)),
          "",
          "deleted");
    }
    body.count(
        changed,
        List.of("UPDATE %s t SET %s".formatted(shape.storageTable(), touched.update(groups))),
        "",
        "updated");
    body.count(
        changed,
        List.of(
            "INSERT INTO %s (%s) SELECT %s FROM %s g WHERE g.freshet$row IS NULL AND NOT g.freshet$dirty AND g.%s > 0"
                .formatted(
                    shape.storageTable(),
                    columns.keySet().stream().map(Quote::name).collect(Collectors.joining(", ")),
                    String.join(", ", columns.values()),
                    groups,
                    GroupStorage.COUNT)),
        "",
        "inserted");
  }

  private void recompute(String groups, String changed) {
    body.comment("Groups that are computed anew.");
    String any =
        "(%s) AND EXISTS (SELECT FROM %s g WHERE g.freshet$dirty)".formatted(changed, groups);
    body.count(
        changed,
        List.of(
            "DELETE FROM %s t USING %s g WHERE t.ctid = g.freshet$row AND g.freshet$dirty"
                .formatted(shape.storageTable(), groups)),
        "",
        "deleted");
    String columns =
        storage.fromRows().keySet().stream().map(Quote::name).collect(Collectors.joining(", "));
    String insert = "INSERT INTO %s (%s) ".formatted(shape.storageTable(), columns);
    if (storage.aggregate.keys().isEmpty()) {
      body.count(any, List.of(insert + storage.query()), "", "inserted");
      return;
    }
    Restriction restriction = touched.restriction(groups);
    for (NullArms.Arm arm : restriction.arms()) {
      body.count(
          "(%s) AND %s".formatted(changed, touched.guard(groups, arm)),
          List.of(insert + touched.recomputed(restriction, arm)),
          "",
          "inserted");
    }
  }
}
