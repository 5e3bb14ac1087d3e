package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.delta.DeltaPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes the function that applies what has changed since a view's last refresh, and the tables
/// that it needs.
final class IncrementWriter {
  private static final String PARAMETERS =
      "since pg_snapshot, own xid8, clock timestamptz, deadline timestamptz, most bigint";

  private static final String COUNTS =
      "OUT inserted bigint, OUT updated bigint, OUT deleted bigint, OUT netted bigint, OUT affected bigint, OUT given_up boolean";

  /// Changed rows and their partners are few and were just written: to read a page of them costs
  /// little beside the work on its rows. Small samples tell enough about what is staged.
  private static final List<SessionSetting> SETTINGS =
      List.of(
          new SessionSetting("jit", "off"),
          new SessionSetting("seq_page_cost", "0.2"),
          new SessionSetting("random_page_cost", "0.25"),
          new SessionSetting("default_statistics_target", "10"),
          new SessionSetting("join_collapse_limit", "10"),
          new SessionSetting("from_collapse_limit", "10"));

  private IncrementWriter() {}

  /// The staging tables and the function, as a script.
  static String script(
      ViewShape shape, DeltaPlan plan, Map<String, ChangeLog> logs, Schema schema) {
    ColumnTypes types = new ColumnTypes(schema);
    Statements body = new Statements();
    StagingTables staging = new StagingTables(shape, body);
    DeltaWriter deltas = new DeltaWriter(logs, types, staging);
    deltas.changes(plan.deltas());
    body.line("netted := " + netted(plan) + ";");
    String ticks =
        plan.deltas().stream()
            .flatMap(Delta::all)
            .filter(Delta.Tick.class::isInstance)
            .map(tick -> " AND " + StagingTables.count(tick) + " = 0")
            .findFirst()
            .orElse("");
    body.line("IF netted = 0" + ticks + " THEN");
    body.line("  RETURN;");
    body.line("END IF;");
    plan.deltas().forEach(deltas::stage);
    switch (plan) {
      case DeltaPlan.Groups groups ->
          groups(shape, groups, types, staging, body)
              .write(deltas.table(groups.delta()), staging.changed(groups.delta()));
      case DeltaPlan.Keys keys ->
          new KeysWriter(shape, new KeysStorage(keys), types, staging)
              .write(
                  new KeyedWriter(deltas, types, staging)
                      .touch(
                          keys.keyed(),
                          keys.deltas(),
                          "_s" + keys.stages(),
                          _ -> "",
                          Optional.empty()),
                  body);
      case DeltaPlan.Rows rows ->
          new RowsWriter(shape, types.of(rows.relation()), staging)
              .write(deltas.table(rows.delta()), staging.changed(rows.delta()), body);
    }
    String text = text(plan, staging, body);
    return staging.script() + function(shape, text);
  }

  private static GroupsWriter groups(
      ViewShape shape, DeltaPlan.Groups plan, ColumnTypes types, Staging staging, Statements body) {
    GroupStorage storage = new GroupStorage(plan, types);
    return new GroupsWriter(
        shape, storage, new TouchedGroups(shape, storage, types, staging), body);
  }

  /// How many rows have changed, of all tables together.
  private static String netted(DeltaPlan plan) {
    Stream<String> counts =
        plan.deltas().stream()
            .flatMap(Delta::all)
            .filter(Delta.Changes.class::isInstance)
            .map(StagingTables::count)
            .distinct();
    return Stream.concat(Stream.of("0"), counts).collect(Collectors.joining(" + "));
  }

  private static String text(DeltaPlan plan, StagingTables staging, Statements body) {
    StringBuilder declarations =
        new StringBuilder("DECLARE\n  touched bigint;\n  broken bigint := 0;\n");
    for (int i = 0; i < plan.stages(); i++) {
      declarations.append("  n").append(i).append(" bigint := 0;\n");
    }
    StringBuilder text = new StringBuilder(declarations);
    text.append("BEGIN\n");
    text.append("  inserted := 0; updated := 0; deleted := 0; affected := 0; given_up := false;\n");
    text.append(body.text());
    text.append("  -- Staging tables are empty between refreshes.\n");
    staging.names().forEach(name -> text.append("  DELETE FROM ").append(name).append(";\n"));
    text.append("EXCEPTION WHEN SQLSTATE '%s' THEN\n".formatted(StagingTables.GIVEN_UP));
    text.append("  -- The counts stay, all rows are as they were.\n");
    text.append("  given_up := true;\n");
    text.append("END\n");
    return text.toString();
  }

  private static String function(ViewShape shape, String text) {
    return new FunctionText(shape)
        .of(
            "_increment",
            "(" + PARAMETERS + ", " + COUNTS + ")",
            "applies what has changed since the last refresh",
            text,
            SETTINGS);
  }
}
