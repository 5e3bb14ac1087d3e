package dev.freshet.compiler.sql;

import dev.freshet.compiler.sql.FromItem.Alias;
import dev.freshet.compiler.sql.FromItem.ColumnDefinition;
import dev.freshet.compiler.sql.FromItem.Join;
import dev.freshet.compiler.sql.FromItem.JoinCondition;
import dev.freshet.compiler.sql.FromItem.Sample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Prints the items of FROM.
final class FromPrinter {
  private FromPrinter() {}

  static String print(FromItem item) {
    return switch (item) {
      case FromItem.TableRef table ->
          (table.only() ? "ONLY " : "")
              + table.name().sql()
              + print(table.alias())
              + print(table.sample());
      case FromItem.Subquery query ->
          lateral(query.lateral())
              + "("
              + SqlPrinter.print(query.query())
              + ")"
              + print(query.alias());
      case FromItem.Functions functions -> print(functions);
      case FromItem.Join join -> print(join);
      case FromItem.AliasedJoin(var span, FromItem join, Alias alias) -> print(join) + print(alias);
    };
  }

  private static String print(Join join) {
    String keyword =
        switch (join.condition()) {
          case JoinCondition.Always() -> "CROSS JOIN";
          case JoinCondition.Natural() -> "NATURAL " + join.kind() + " JOIN";
          case JoinCondition.On on -> join.kind() + " JOIN";
          case JoinCondition.Using using -> join.kind() + " JOIN";
        };
    String condition =
        switch (join.condition()) {
          case JoinCondition.On(Expression on) -> " ON " + SqlPrinter.print(on);
          case JoinCondition.Using(List<String> columns) -> " USING " + SqlPrinter.names(columns);
          case JoinCondition.Always() -> "";
          case JoinCondition.Natural() -> "";
        };
    return "(" + print(join.left()) + " " + keyword + " " + print(join.right()) + condition + ")";
  }

  private static String print(FromItem.Functions functions) {
    String calls = SqlPrinter.list(functions.functions(), FromPrinter::print);
    return lateral(functions.lateral())
        + (functions.rowsFrom() ? "ROWS FROM (" + calls + ")" : calls)
        + (functions.ordinality() ? " WITH ORDINALITY" : "")
        + print(functions.alias());
  }

  private static String print(FromItem.Function function) {
    String columns =
        function.columns().isEmpty() ? "" : " AS (" + definitions(function.columns()) + ")";
    return SqlPrinter.print(function.call()) + columns;
  }

  private static String print(@Nullable Alias alias) {
    if (alias == null) {
      return "";
    }
    String name = alias.name() == null ? "" : Quote.name(alias.name());
    String columns = alias.columns().isEmpty() ? "" : SqlPrinter.names(alias.columns());
    String definitions =
        alias.definitions().isEmpty() ? "" : "(" + definitions(alias.definitions()) + ")";
    return " AS " + name + columns + definitions;
  }

  private static String definitions(List<ColumnDefinition> definitions) {
    return SqlPrinter.list(definitions, d -> Quote.name(d.name()) + " " + d.type().text());
  }

  private static String print(@Nullable Sample sample) {
    if (sample == null) {
      return "";
    }
    String arguments = SqlPrinter.list(sample.arguments(), SqlPrinter::print);
    String seed =
        sample.seed() == null ? "" : " REPEATABLE (" + SqlPrinter.print(sample.seed()) + ")";
    return " TABLESAMPLE " + Quote.name(sample.method()) + " (" + arguments + ")" + seed;
  }

  private static String lateral(boolean lateral) {
    return lateral ? "LATERAL " : "";
  }
}
