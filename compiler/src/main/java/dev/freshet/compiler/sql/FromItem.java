package dev.freshet.compiler.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that a query reads rows from.
public sealed interface FromItem {
  Span span();

  /// A table, a view, or an entry of a WITH list.
  ///
  /// @param only `ONLY`: without the tables that inherit from it
  /// @param commonTable whether the name is one of a WITH list around it
  record TableRef(
      Span span,
      ObjectName table,
      boolean only,
      boolean commonTable,
      @Nullable Alias alias,
      @Nullable Sample sample)
      implements FromItem {
    public QualifiedName name() {
      return table.name();
    }
  }

  /// `[LATERAL] (query) alias`.
  record Subquery(Span span, boolean lateral, Query query, @Nullable Alias alias)
      implements FromItem {}

  /// `[LATERAL] f(...) [WITH ORDINALITY] alias` or `ROWS FROM (...)`.
  record Functions(
      Span span,
      boolean lateral,
      boolean rowsFrom,
      List<Function> functions,
      boolean ordinality,
      @Nullable Alias alias)
      implements FromItem {}

  /// A function call that returns rows.
  ///
  /// @param columns the columns of its result when `ROWS FROM` defines them
  record Function(Expression call, List<ColumnDefinition> columns) {}

  /// Two items joined.
  record Join(Span span, JoinKind kind, FromItem left, FromItem right, JoinCondition condition)
      implements FromItem {}

  /// `(join) AS alias`.
  record AliasedJoin(Span span, FromItem join, Alias alias) implements FromItem {}

  enum JoinKind {
    INNER,
    LEFT,
    RIGHT,
    FULL
  }

  /// Which pairs of rows a join keeps.
  sealed interface JoinCondition {
    /// All pairs: `CROSS JOIN`.
    record Always() implements JoinCondition {}

    record On(Expression condition) implements JoinCondition {}

    record Using(List<String> columns) implements JoinCondition {}

    record Natural() implements JoinCondition {}
  }

  /// `AS name (columns)`.
  ///
  /// @param name null for a function with nothing but column definitions
  /// @param definitions names and types of a function's columns
  record Alias(@Nullable String name, List<String> columns, List<ColumnDefinition> definitions) {}

  record ColumnDefinition(String name, TypeName type) {}

  /// `TABLESAMPLE method (arguments) REPEATABLE (seed)`.
  record Sample(String method, List<Expression> arguments, @Nullable Expression seed) {}
}
