package dev.freshet.compiler.explain;

import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Clock;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Combine;
import dev.freshet.compiler.algebra.Relation.Constants;
import dev.freshet.compiler.algebra.Relation.First;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Rows;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.Relation.Union;
import dev.freshet.compiler.algebra.Relation.Window;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Names one operator of a relation in a DBA's words, without what is below it.
final class OperatorText {
  private OperatorText() {}

  /// One line, such as `join s, c on s.customer = c.id`.
  static String of(Relation relation) {
    return switch (relation) {
      case Scan scan -> table(scan) + (scan.columns().isEmpty() ? ", rows only" : columns(scan));
      case Clock clock -> "the clock";
      case Rows rows -> "rows of " + SqlPrinter.print(rows.call());
      case Constants constants -> "constant rows, " + constants.rows().size();
      case Select select -> select(select);
      case Match match -> match(match);
      case Union union -> "union all";
      case Aggregate aggregate -> aggregate(aggregate);
      case Window window -> "windows partitioned by " + list(window.keys());
      case First first -> first(first);
      case Combine(var operator, boolean all, var inputs) ->
          operator.name().toLowerCase(Locale.ROOT) + (all ? " all" : "");
    };
  }

  /// What the operator computes, a line for each value that is not simply passed on.
  static List<String> values(Relation relation) {
    return switch (relation) {
      case Scan scan -> List.of();
      case Clock clock -> List.of();
      case Rows rows -> List.of();
      case Constants constants -> List.of();
      case Select(var inputs, var conditions, var outputs) -> computed(outputs.stream());
      case Match match -> List.of();
      case Union union -> List.of();
      case Aggregate aggregate ->
          aggregate.aggregates().map(o -> ExpressionText.of(o.value())).toList();
      case Window window ->
          window.outputs().stream()
              .filter(output -> !(output.value() instanceof Expression.Column))
              .map(output -> ExpressionText.of(output.value()))
              .toList();
      case First first -> List.of();
      case Combine combine -> List.of();
    };
  }

  private static List<String> computed(Stream<Output> outputs) {
    return outputs
        .filter(output -> !(output.value() instanceof Expression.Column))
        .map(OperatorText::value)
        .toList();
  }

  private static String value(Output output) {
    return Quote.name(output.column().name()) + " = " + ExpressionText.of(output.value());
  }

  private static String table(Scan scan) {
    return "table "
        + (scan.only() ? "ONLY " : "")
        + scan.table()
        + (scan.table().equals(scan.captured()) ? "" : ", stored in " + scan.captured());
  }

  private static String columns(Scan scan) {
    return " (" + list(scan.columns().stream().map(Column::name).toList()) + ")";
  }

  private static String select(Select select) {
    String on = conjunction(select.conditions());
    return switch (select.inputs().size()) {
      case 0 -> "one row";
      case 1 -> on.isEmpty() ? "projection" : "filter " + on;
      default -> "join " + aliases(select.inputs()) + (on.isEmpty() ? "" : " on " + on);
    };
  }

  private static String match(Match match) {
    String left = Quote.name(match.left().alias());
    String right = Quote.name(match.right().alias());
    String on = conjunction(match.conditions());
    String both = left + ", " + right + (on.isEmpty() ? "" : " on " + on);
    return switch (match.kind()) {
      case LEFT -> "left join " + both;
      case FULL -> "full join " + both;
      case SEMI -> "rows of " + left + " with a match in " + right + where(on);
      case ANTI -> "rows of " + left + " without a match in " + right + where(on);
      case MARK -> "rows of " + left + ", whether with a match in " + right + where(on);
    };
  }

  private static String where(String condition) {
    return condition.isEmpty() ? "" : " where " + condition;
  }

  private static String aggregate(Aggregate aggregate) {
    if (aggregate.keys().isEmpty()) {
      return "aggregate of all rows";
    }
    return (aggregate.aggregates().findAny().isEmpty() ? "distinct " : "group by ")
        + list(aggregate.keys());
  }

  private static String first(First first) {
    String order =
        first.order().stream()
            .map(key -> SqlPrinter.print(Subexpressions.replace(key, ExpressionText::unqualified)))
            .collect(Collectors.joining(", "));
    String each = first.keys().isEmpty() ? "" : " of each " + list(first.keys());
    return rows(first.top()) + each + (order.isEmpty() ? "" : " by " + order);
  }

  private static String rows(Relation.Top top) {
    String rows = top.count() == 1 ? "first row" : "first " + top.count() + " rows";
    return rows
        + (top.withTies() ? " with ties" : "")
        + (top.offset() == 0 ? "" : " after " + top.offset());
  }

  static String conjunction(List<Expression> conditions) {
    return conditions.stream().map(ExpressionText::of).collect(Collectors.joining(" AND "));
  }

  private static String aliases(List<Input> inputs) {
    return list(inputs.stream().map(Input::alias).toList());
  }

  static String list(List<String> names) {
    return names.stream().map(Quote::name).collect(Collectors.joining(", "));
  }
}
