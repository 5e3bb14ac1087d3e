package dev.freshet.compiler.explain;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.emit.StoredColumn;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Which aggregates of a grouped view are kept as numbers in the storage, by its hidden columns.
///
/// @param isAdded whether changes are added to the stored groups, at least in most cases
/// @param kept names of the hidden columns
/// @param types of the columns of what is grouped
record KeptState(
    Aggregate aggregate, boolean isAdded, Set<String> kept, Map<String, String> types) {
  /// Aggregates to which changes can be added, for most types.
  private static final Set<String> ADDABLE =
      Set.of("count", "sum", "avg", "min", "max", "bool_and", "bool_or", "every");

  static KeptState of(IncrementScript script, Aggregate aggregate) {
    return new KeptState(
        aggregate,
        script.addsToGroups(),
        script.storedColumns().stream().map(ColumnType::name).collect(Collectors.toSet()),
        script.schema().describe(RelationSql.query(aggregate.input())).stream()
            .collect(Collectors.toMap(ColumnType::name, ColumnType::type)));
  }

  /// Whether groups are ever computed anew.
  boolean recomputes() {
    return !isAdded || values().stream().anyMatch(value -> value.contains("computed anew"));
  }

  /// Columns of which different values are counted.
  List<String> counted() {
    List<String> columns = new ArrayList<>();
    int number = 1;
    for (Output output : aggregate.aggregates().toList()) {
      if (kept.contains(StoredColumn.HIDDEN + number++ + "_different")) {
        References.columns(output.value()).stream()
            .limit(1)
            .forEach(column -> columns.add(column.path().getLast()));
      }
    }
    return columns;
  }

  /// What becomes of each aggregate.
  List<String> values() {
    List<String> values = new ArrayList<>();
    for (Output output : aggregate.aggregates().toList()) {
      values.add(ExpressionText.of(output.value()) + note(output, values.size() + 1));
    }
    return values;
  }

  /// A condition on groups in terms of what is grouped.
  String having(List<Expression> conditions) {
    Map<String, Expression> values =
        aggregate.outputs().stream()
            .collect(Collectors.toMap(o -> o.column().name(), Output::value));
    return OperatorText.conjunction(
        conditions.stream()
            .map(condition ->
                Subexpressions.replace(
                    condition,
                    part ->
                        part instanceof Expression.Column column
                            ? values.get(column.path().getLast())
                            : null))
            .toList());
  }

  private String note(Output output, int number) {
    String stem = StoredColumn.HIDDEN + number + "_";
    if (!isAdded) {
      return addable(output.value()) ? "" : ": cannot be added to";
    }
    if (kept.contains(stem + "min") || kept.contains(stem + "max")) {
      return ": added; the group is computed anew when this value goes";
    }
    if (kept.contains(stem + "different")) {
      return ": added; values of changed rows are looked for among the others of their group";
    }
    return kept.contains(stem + "sum") && anyScale(output.value())
        ? ": added; the group is computed anew when a row goes, whose digits may go with it"
        : ": added";
  }

  /// Whether a column of type numeric without a scale is added up.
  private boolean anyScale(Expression value) {
    return References.columns(value).stream()
        .anyMatch(column -> "numeric".equals(types.get(column.path().getLast())));
  }

  private static boolean addable(Expression value) {
    return value instanceof Expression.Call call
        && ADDABLE.contains(call.function().name())
        && !call.aggregation().distinct()
        && call.aggregation().orderBy().isEmpty();
  }
}
