package dev.freshet.compiler.sql;

import dev.freshet.compiler.sql.Query.Body;
import dev.freshet.compiler.sql.Query.CommonTable;
import dev.freshet.compiler.sql.Query.Direction;
import dev.freshet.compiler.sql.Query.Distinct;
import dev.freshet.compiler.sql.Query.GroupingElement;
import dev.freshet.compiler.sql.Query.NullsOrder;
import dev.freshet.compiler.sql.Query.SelectItem;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.Query.Window;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Prints syntax records as SQL on one line. Every operator has its own parentheses, so that
/// PostgreSQL reads back the same tree whatever its precedence rules.
public final class SqlPrinter {
  private SqlPrinter() {}

  public static String print(Query query) {
    StringBuilder sql = new StringBuilder();
    if (!query.with().tables().isEmpty()) {
      sql.append(query.with().recursive() ? "WITH RECURSIVE " : "WITH ");
      sql.append(list(query.with().tables(), SqlPrinter::print)).append(' ');
    }
    sql.append(print(query.body()));
    if (!query.orderBy().isEmpty()) {
      sql.append(" ORDER BY ").append(list(query.orderBy(), SqlPrinter::print));
    }
    printLimit(sql, query.limit());
    return sql.toString();
  }

  public static String print(Expression expression) {
    return ExpressionPrinter.print(expression);
  }

  public static String print(FromItem item) {
    return FromPrinter.print(item);
  }

  public static String print(SortKey key) {
    StringBuilder sql = new StringBuilder(print(key.value()));
    if (key.using() != null) {
      sql.append(" USING ").append(key.using().sql());
    }
    if (key.direction() != Direction.DEFAULT) {
      sql.append(' ').append(key.direction());
    }
    if (key.nulls() != NullsOrder.DEFAULT) {
      sql.append(" NULLS ").append(key.nulls());
    }
    return sql.toString();
  }

  static String print(Phrase phrase) {
    return phrase.pieces().stream()
        .map(piece ->
            switch (piece) {
              case Phrase.Piece.Word(String text) -> text;
              case Phrase.Piece.Value(Expression value) -> print(value);
              case Phrase.Piece.Rows(Query query) -> print(query);
            })
        .collect(Collectors.joining(" "));
  }

  static String print(Window window) {
    StringBuilder sql = new StringBuilder("(");
    sql.append(window.base() == null ? "" : Quote.name(window.base()));
    if (!window.partitionBy().isEmpty()) {
      sql.append(" PARTITION BY ").append(list(window.partitionBy(), SqlPrinter::print));
    }
    if (!window.orderBy().isEmpty()) {
      sql.append(" ORDER BY ").append(list(window.orderBy(), SqlPrinter::print));
    }
    if (window.frame() != null) {
      sql.append(' ').append(print(window.frame()));
    }
    return sql.append(')').toString();
  }

  static <T> String list(List<T> items, Function<T, String> printer) {
    return items.stream().map(printer).collect(Collectors.joining(", "));
  }

  static String names(List<String> names) {
    return "(" + list(names, Quote::name) + ")";
  }

  private static String print(CommonTable table) {
    String columns = table.columns().isEmpty() ? "" : names(table.columns());
    String materialization =
        switch (table.materialization()) {
          case DEFAULT -> "";
          case MATERIALIZED -> "MATERIALIZED ";
          case NOT_MATERIALIZED -> "NOT MATERIALIZED ";
        };
    String recursion = table.recursion() == null ? "" : " " + print(table.recursion());
    return table.name().name().sql()
        + columns
        + " AS "
        + materialization
        + "("
        + print(table.query())
        + ")"
        + recursion;
  }

  private static String print(Body body) {
    return switch (body) {
      case Query.Select select -> print(select);
      case Query.SetOperation(var span, var operator, boolean all, Body left, Body right) ->
          "(" + print(left) + ") " + operator + (all ? " ALL (" : " (") + print(right) + ")";
      case Query.Values(var span, var rows) -> "VALUES " + list(rows, SqlPrinter::printRow);
      case Query.WholeTable(var span, var table) -> "TABLE " + FromPrinter.print(table);
      case Query.Nested(var span, Query query) -> "(" + print(query) + ")";
    };
  }

  private static String printRow(List<Expression> row) {
    return "(" + list(row, SqlPrinter::print) + ")";
  }

  private static String print(Query.Select select) {
    StringBuilder sql = new StringBuilder("SELECT");
    sql.append(print(select.projection().distinct()));
    append(sql, " ", list(select.projection().items(), SqlPrinter::print));
    append(sql, " FROM ", list(select.from(), SqlPrinter::print));
    append(sql, " WHERE ", select.where());
    append(sql, " GROUP BY ", list(select.grouping().elements(), SqlPrinter::print));
    append(sql, " HAVING ", select.grouping().having());
    String windows = list(select.windows(), w -> Quote.name(w.name()) + " AS " + print(w.window()));
    append(sql, " WINDOW ", windows);
    return sql.toString();
  }

  private static String print(Distinct distinct) {
    return switch (distinct) {
      case Distinct.All() -> "";
      case Distinct.DistinctRows() -> " DISTINCT";
      case Distinct.DistinctOn(var keys) -> " DISTINCT ON " + printRow(keys);
    };
  }

  private static String print(SelectItem item) {
    String alias = item.alias() == null ? "" : " AS " + Quote.name(item.alias());
    return print(item.value()) + alias;
  }

  private static String print(GroupingElement element) {
    return switch (element) {
      case GroupingElement.Plain(Expression value) -> print(value);
      case GroupingElement.Empty() -> "()";
      case GroupingElement.Rollup(var elements) -> "ROLLUP (" + listElements(elements) + ")";
      case GroupingElement.Cube(var elements) -> "CUBE (" + listElements(elements) + ")";
      case GroupingElement.Sets(var elements) -> "GROUPING SETS (" + listElements(elements) + ")";
    };
  }

  private static String listElements(List<GroupingElement> elements) {
    return list(elements, SqlPrinter::print);
  }

  private static void printLimit(StringBuilder sql, Query.Limit limit) {
    append(sql, " OFFSET ", limit.offset());
    if (limit.count() != null && limit.withTies()) {
      sql.append(" FETCH FIRST (").append(print(limit.count())).append(") ROWS WITH TIES");
    } else {
      append(sql, " LIMIT ", limit.count());
    }
  }

  private static void append(StringBuilder sql, String word, @Nullable Expression value) {
    if (value != null) {
      sql.append(word).append(print(value));
    }
  }

  private static void append(StringBuilder sql, String word, String text) {
    if (!text.isEmpty()) {
      sql.append(word).append(text);
    }
  }
}
