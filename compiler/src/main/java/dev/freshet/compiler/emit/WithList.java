package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.sql.Quote;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The queries of one WITH list, so that all steps run in one statement and under one snapshot. A
/// step whose condition does not hold is a filter that is looked at once, before the step.
final class WithList implements Staging {
  private static final int MOST_CHOICES = 2;
  private static final String NOTHING = "SELECT NULL::integer WHERE false";

  private final int viewId;
  private final Mark mark;
  private final String unlimited;
  private final boolean streams;
  private final List<ChangeLog> logs = new ArrayList<>();
  private final Map<String, List<ColumnType>> columns = new HashMap<>();
  private final Map<String, List<String>> arms = new LinkedHashMap<>();
  private final Set<String> filled = new HashSet<>();
  private String groups = NOTHING;

  /// @param viewId number of the view in the catalog
  /// @param unlimited what is NULL: a variable, if the planner is to expect few changes
  /// @param streams each bag is read once, and rows are added up in the end: so they need neither
  ///   be kept nor netted, and what has no rows need not be guarded
  WithList(int viewId, Mark mark, String unlimited, boolean streams) {
    this.viewId = viewId;
    this.mark = mark;
    this.unlimited = unlimited;
    this.streams = streams;
  }

  @Override
  public Mark mark() {
    return mark;
  }

  /// Each log is read once. The limit is NULL, which is none; the planner, which knows little of a
  /// log, takes it for a tenth, and so looks up the partners of few rows rather than reading whole
  /// tables for them.
  @Override
  public String pending(ChangeLog log) {
    int place = logs.contains(log) ? logs.indexOf(log) : logs.size();
    String name = Quote.name("freshet$log" + place);
    if (place == logs.size()) {
      logs.add(log);
      String rows = mark.pending(log) + (streams ? " AND l.multiplicity <> 0" : "");
      arms.put(name, List.of("SELECT l.* FROM " + rows + " LIMIT " + unlimited));
    }
    return name + " l WHERE true";
  }

  /// A condition: every log tells all changes, and neither a log was opened again nor a table was
  /// emptied since the snapshot was taken.
  String complete() {
    String files =
        logs.stream()
            .flatMap(log -> Stream.of(log.relation().sql(), log.closed()))
            .map(name -> Quote.literal(name) + "::regclass")
            .collect(Collectors.joining(", "));
    Stream<String> each =
        logs.stream()
            .map(log ->
                "NOT EXISTS (SELECT FROM %s AND l.mark IS NOT NULL) AND (SELECT s.last_value FROM %s s) <> 2"
                    .formatted(pending(log), log.closed()));
    return logs.isEmpty()
        ? "true"
        : Stream.concat(Stream.of(unrewritten(files)), each).collect(Collectors.joining(" AND "));
  }

  private static String unrewritten(String relations) {
    return "NOT EXISTS (SELECT FROM pg_class c WHERE c.oid IN (%s) AND (c.relfilenode NOT IN (0, pg_relation_filenode(c.oid)) OR c.relhassubclass AND freshet.has_rewritten_parts(c.oid)))"
        .formatted(relations);
  }

  @Override
  public String bag(String suffix, List<ColumnType> types) {
    String name = Quote.name("freshet$" + suffix.substring(1));
    if (columns.putIfAbsent(name, types) == null) {
      arms.put(name, List.of(arm(types, "false", nothing(types))));
    }
    return name;
  }

  /// A query may use what was filled before it, so a bag stands where it was last added to.
  @Override
  public void add(String bag, String condition, String query) {
    List<String> queries = new ArrayList<>(Objects.requireNonNull(arms.remove(bag)));
    if (filled.add(bag)) {
      queries.clear();
    }
    queries.add(arm(Objects.requireNonNull(columns.get(bag)), condition, query));
    arms.put(bag, queries);
  }

  /// Both texts of a choice, each under its condition; where there are many, only what is always
  /// right.
  @Override
  public void stage(Delta delta, String bag, String condition, List<Object> query) {
    List<Delta> choices =
        query.stream()
            .flatMap(
                part -> part instanceof Choice choice ? Stream.of(choice.delta()) : Stream.of())
            .distinct()
            .toList();
    if (choices.size() > MOST_CHOICES) {
      add(bag, condition, text(query, choices));
      return;
    }
    for (int mask = 0; mask < 1 << choices.size(); mask++) {
      List<Delta> changed = new ArrayList<>();
      List<String> conditions = new ArrayList<>();
      if (!condition.isEmpty()) {
        conditions.add(condition);
      }
      for (int i = 0; i < choices.size(); i++) {
        boolean such = (mask >> i & 1) == 1;
        conditions.add((such ? "" : "NOT ") + changed(choices.get(i)));
        if (such) {
          changed.add(choices.get(i));
        }
      }
      add(bag, String.join(" AND ", conditions), text(query, changed));
    }
  }

  private static String text(List<Object> query, List<Delta> changed) {
    return query.stream()
        .map(part ->
            part instanceof Choice(Delta delta, String then, String otherwise)
                ? changed.contains(delta) ? then : otherwise
                : part.toString())
        .collect(Collectors.joining());
  }

  /// Not flattened into the join, so that each key is looked up in an index: tables are read as a
  /// whole only for a refresh.
  @Override
  public String lookup(String query) {
    return "SELECT * FROM (" + query + ") s OFFSET 0";
  }

  /// Equal keys of a view have the same number, whatever they look like.
  private String number(List<ColumnType> keys) {
    List<String> columns =
        keys.stream()
            .filter(ColumnType::hashable)
            .map(key -> "k." + Quote.name(key.name()))
            .toList();
    return columns.isEmpty()
        ? "0"
        : "(%s %% 2147483647)::integer".formatted(RowHash.of(columns.stream(), viewId));
  }

  /// A query of the numbers of the groups that others must not touch at the same time.
  String groups() {
    return groups;
  }

  private static String nothing(List<ColumnType> types) {
    return types.stream().map(_ -> "NULL").collect(Collectors.joining(", ", "SELECT ", ""));
  }

  /// With the types that the columns of a table would give the values.
  private static String arm(List<ColumnType> types, String condition, String query) {
    String names =
        types.stream().map(type -> Quote.name(type.name())).collect(Collectors.joining(", "));
    return "SELECT %s FROM (%s) x%s%s"
        .formatted(
            types.stream().map(WithList::cast).collect(Collectors.joining(", ")),
            query,
            names.isEmpty() ? "" : " (" + names + ")",
            condition.isEmpty() ? "" : " WHERE " + condition);
  }

  private static String cast(ColumnType type) {
    String collation = type.collation().isEmpty() ? "" : " " + type.collation();
    return "x." + Quote.name(type.name()) + "::" + type.type() + collation;
  }

  /// A WITH list has no statistics.
  @Override
  public void measure(Delta delta, String bag, Collection<String> names) {}

  @Override
  public int mostHalves() {
    return 0;
  }

  @Override
  public boolean nets() {
    return !streams;
  }

  @Override
  public String changed(Delta delta) {
    if (delta instanceof Delta.None) {
      return "false";
    }
    return streams ? "true" : exists(Quote.name("freshet$s" + delta.number()));
  }

  @Override
  public void comment(String text) {}

  /// The groups are known here, so the list so far is kept.
  @Override
  public void touches(String condition, String touched, List<ColumnType> keys) {
    String where = condition.isEmpty() ? "" : " WHERE " + condition;
    groups =
        "WITH %s\nSELECT DISTINCT %s FROM %s k%s".formatted(sql(), number(keys), touched, where);
  }

  /// The list, without the word WITH.
  String sql() {
    return arms.entrySet().stream()
        .map(bag ->
            "%s AS %s(\n  %s)"
                .formatted(
                    bag.getKey(),
                    streams ? "" : "MATERIALIZED ",
                    String.join("\n  UNION ALL ", bag.getValue())))
        .collect(Collectors.joining(",\n"));
  }
}
