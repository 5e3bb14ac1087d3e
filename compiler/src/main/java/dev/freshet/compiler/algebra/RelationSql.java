package dev.freshet.compiler.algebra;

import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Combine;
import dev.freshet.compiler.algebra.Relation.Constants;
import dev.freshet.compiler.algebra.Relation.First;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Keyed;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.MatchKind;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Rows;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.Relation.Union;
import dev.freshet.compiler.algebra.Relation.Window;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Prints relations as queries over the tables as they are now.
public final class RelationSql {
  private RelationSql() {}

  /// A query that returns the columns of the relation, in order.
  public static String query(Relation relation) {
    return switch (relation) {
      case Scan scan -> "SELECT " + names(scan.columns(), "") + " FROM " + table(scan);
      case Relation.Clock clock -> "SELECT " + clock.time() + " AS now";
      case Rows rows -> throw new IllegalArgumentException("rows of a function stand in FROM only");
      case Constants constants -> constants(constants);
      case Select select ->
          select(
              select, outputs(select.outputs()), select.inputs().stream().map(RelationSql::item));
      case Match match -> match(match);
      case Union union ->
          union.inputs().stream()
              .map(input -> "(" + query(input) + ")")
              .collect(Collectors.joining(" UNION ALL "));
      case Keyed keyed ->
          keyed(keyed, keyed.inputs().stream().map(i -> "(" + query(i) + ")").toList());
    };
  }

  private static String rows(Rows rows, String alias) {
    String call = SqlPrinter.print(rows.call());
    return switch (rows.form()) {
      case IN_FROM -> call;
      case OUTER_JOINED ->
          "LATERAL (SELECT %1$s.* FROM (SELECT) AS freshet$one LEFT JOIN %2$s ON true) AS %1$s"
              .formatted(alias, call);
      case SELECTED ->
          IntStream.range(0, rows.columns().size())
              .mapToObj(i ->
                  SqlPrinter.print(rows.call().functions().get(i).call())
                      + " AS "
                      + Quote.name(rows.columns().get(i).name()))
              .collect(Collectors.joining(", ", "LATERAL (SELECT ", ") AS " + alias));
    };
  }

  /// An item of FROM: the relation under its alias.
  public static String item(Input input) {
    String alias = Quote.name(input.alias());
    return switch (input.relation()) {
      case Scan scan -> table(scan) + " AS " + alias;
      case Rows rows -> rows(rows, alias);
      default -> "(" + query(input.relation()) + ") AS " + alias;
    };
  }

  public static String select(Select select, String outputs, Stream<String> items) {
    String from = items.collect(Collectors.joining(", "));
    return "SELECT "
        + outputs
        + (from.isEmpty() ? "" : " FROM " + from)
        + where(select.conditions().stream().map(SqlPrinter::print));
  }

  public static String where(Stream<String> conditions) {
    String all = conditions.collect(Collectors.joining(" AND "));
    return all.isEmpty() ? "" : " WHERE " + all;
  }

  /// A keyed relation computed over other bags of rows.
  ///
  /// @param inputs what stands in FROM for each input, without an alias
  public static String keyed(Keyed keyed, List<String> inputs) {
    String input = inputs.getFirst() + " AS i";
    return switch (keyed) {
      case Aggregate(Relation relation, var keys, var outputs) ->
          "SELECT " + outputs(outputs) + " FROM " + input + groupBy(keys);
      case Window(Relation relation, var keys, var equal, var outputs) ->
          "SELECT " + outputs(outputs) + " FROM " + input;
      case First first -> first(first, input);
      case Combine(var operator, boolean all, var relations) ->
          IntStream.range(0, inputs.size())
              .mapToObj(n ->
                  "(SELECT %s FROM %s AS i)"
                      .formatted(names(relations.get(n).columns(), "i."), inputs.get(n)))
              .collect(Collectors.joining(" " + operator + (all ? " ALL " : " ")));
    };
  }

  public static String groupBy(List<String> keys) {
    return keys.isEmpty()
        ? ""
        : " GROUP BY "
            + keys.stream().map(k -> "i." + Quote.name(k)).collect(Collectors.joining(", "));
  }

  /// The clauses that keep as many of the ordered rows of one key as the result can depend on.
  ///
  /// @param more an expression: how many more rows are wanted
  public static String reach(First first, String more) {
    String rows = first.top().offset() + first.top().count() + more;
    return order(first)
        + (first.top().withTies()
            ? " FETCH FIRST (" + rows + ") ROWS WITH TIES"
            : " LIMIT " + rows);
  }

  private static String order(First first) {
    return first.order().isEmpty()
        ? ""
        : first.order().stream()
            .map(SqlPrinter::print)
            .collect(Collectors.joining(", ", " ORDER BY ", ""));
  }

  private static String first(First first, String input) {
    String order = order(first);
    String rows = names(first.columns(), "i.") + " FROM " + input;
    if (first.keys().isEmpty()) {
      return "SELECT " + rows + order + limit(first.top());
    }
    String keys =
        first.keys().stream().map(k -> "i." + Quote.name(k)).collect(Collectors.joining(", "));
    if (first.top().equals(Relation.Top.ONE)) {
      return "SELECT DISTINCT ON (%s) %s%s".formatted(keys, rows, keysFirst(first));
    }
    String window = "OVER (PARTITION BY " + keys + order + ")";
    return "SELECT %s FROM (SELECT i.*, row_number() %s AS freshet$place, rank() %s AS freshet$rank FROM %s) AS i WHERE %s"
        .formatted(names(first.columns(), "i."), window, window, input, places(first.top()));
  }

  /// DISTINCT ON wants an order that begins with its keys, in which the rows of a group agree.
  private static String keysFirst(First first) {
    List<String> keys = first.keys().stream().map(key -> "i." + Quote.name(key)).toList();
    List<String> leading =
        first.order().stream()
            .limit(keys.size())
            .map(key -> SqlPrinter.print(key.value()))
            .toList();
    return first.order().isEmpty() || Set.copyOf(leading).containsAll(keys)
        ? order(first)
        : Stream.concat(keys.stream(), first.order().stream().map(SqlPrinter::print))
            .collect(Collectors.joining(", ", " ORDER BY ", ""));
  }

  private static String limit(Relation.Top top) {
    return top.withTies()
        ? " OFFSET %d FETCH FIRST %d ROWS WITH TIES".formatted(top.offset(), top.count())
        : " LIMIT %d OFFSET %d".formatted(top.count(), top.offset());
  }

  private static String places(Relation.Top top) {
    String last = top.withTies() && top.count() > 0 ? "freshet$rank" : "freshet$place";
    return "i.freshet$place > %d AND i.%s <= %d"
        .formatted(top.offset(), last, top.offset() + top.count());
  }

  private static String match(Match match) {
    String on = conjunction(match.conditions());
    String left = item(match.left());
    String right = item(match.right());
    String outputs = outputs(match.outputs());
    return switch (match.kind()) {
      case LEFT -> "SELECT %s FROM %s LEFT JOIN %s ON %s".formatted(outputs, left, right, on);
      case FULL -> "SELECT %s FROM %s FULL JOIN %s ON %s".formatted(outputs, left, right, on);
      case SEMI, ANTI ->
          "SELECT %s FROM %s WHERE %sEXISTS (SELECT FROM %s WHERE %s)"
              .formatted(outputs, left, match.kind() == MatchKind.ANTI ? "NOT " : "", right, on);
      case MARK -> "SELECT %s FROM %s".formatted(marked(match, right, on), left);
    };
  }

  private static String marked(Match match, String right, String on) {
    String found = "EXISTS (SELECT FROM %s WHERE %s)".formatted(right, on);
    return match.outputs().stream()
        .map(output ->
            (output.value().equals(Match.FOUND) ? found : SqlPrinter.print(output.value()))
                + " AS "
                + Quote.name(output.column().name()))
        .collect(Collectors.joining(", "));
  }

  public static String conjunction(List<Expression> conditions) {
    return conditions.isEmpty()
        ? "true"
        : conditions.stream().map(SqlPrinter::print).collect(Collectors.joining(" AND "));
  }

  private static String constants(Constants constants) {
    String rows =
        constants.rows().stream()
            .map(row ->
                "(" + row.stream().map(SqlPrinter::print).collect(Collectors.joining(", ")) + ")")
            .collect(Collectors.joining(", "));
    return "SELECT %s FROM (VALUES %s) AS v (%s)"
        .formatted(names(constants.columns(), ""), rows, names(constants.columns(), ""));
  }

  public static String table(Scan scan) {
    return (scan.only() ? "ONLY " : "") + scan.table().sql();
  }

  public static String names(List<Column> columns, String prefix) {
    return columns.stream()
        .map(column -> prefix + Quote.name(column.name()))
        .collect(Collectors.joining(", "));
  }

  public static String outputs(List<Output> outputs) {
    return outputs.stream()
        .map(output ->
            SqlPrinter.print(output.value()) + " AS " + Quote.name(output.column().name()))
        .collect(Collectors.joining(", "));
  }
}
